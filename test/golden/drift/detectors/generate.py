"""Golden detections of the streaming detectors, from river.

    python generate.py > detectors.json

Needs river and numpy (versions used are in the file). Streams are drawn here and stored as digits, so that no random
generator has to agree: errors as a text of 0 and 1, numbers rounded to three digits.
"""

import json
import sys

import numpy as np
import river
from river import drift

rng = np.random.default_rng(20261126)


def errors(*parts):
    return np.concatenate([(rng.random(size) < rate).astype(int) for size, rate in parts])


STREAMS = {
    "no drift": errors((3000, 0.2)),
    "sudden": errors((1500, 0.15), (1500, 0.35)),
    "three concepts": errors((1000, 0.1), (1000, 0.4), (1000, 0.1)),
    "gradual": np.concatenate([errors((100, rate)) for rate in np.linspace(0.1, 0.5, 30)]),
    "never wrong, then wrong": errors((500, 0.0), (500, 0.3)),
    "always wrong": np.ones(400, int),
    "getting better": errors((1500, 0.5), (1500, 0.1)),
}
NUMBERS = {
    "residuals, mean shift": np.r_[rng.normal(0, 1, 800), rng.normal(1, 1, 800)].round(3),
    "residuals, spread only": np.r_[rng.normal(0, 1, 800), rng.normal(0, 3, 800)].round(3),
    "constant": np.full(600, 2.5),
    "large": (rng.normal(size=600).round(3) + np.repeat([0.0, 5.0], 300)) * 1e6,
}

DETECTORS = {
    "adwin": [{}, {"delta": 0.05}, {"clock": 1, "max_buckets": 3, "min_window_length": 10, "grace_period": 50}],
    "pageHinkley": [{}, {"threshold": 10.0, "mode": "up"}, {"delta": 0.1, "threshold": 5.0, "alpha": 1.0, "min_instances": 5}],
    "ddm": [{}, {"warm_start": 100, "warning_threshold": 1.5, "drift_threshold": 2.5}],
}
CLASSES = {"adwin": drift.ADWIN, "pageHinkley": drift.PageHinkley, "ddm": drift.binary.DDM}


def run(kind, settings, stream):
    detector = CLASSES[kind](**settings)
    detections, warnings = [], 0
    for index, value in enumerate(stream):
        detector.update(bool(value) if kind == "ddm" else float(value))
        if detector.drift_detected:
            detections.append(index)
        warnings += int(getattr(detector, "warning_detected", False))
    result = {"detector": kind, "settings": settings, "detections": detections, "warnings": warnings}
    if kind == "adwin":
        result.update(width=int(detector.width), total=float(detector.total), variance=float(detector.variance))
    return result


cases = []
for name, stream in STREAMS.items():
    runs = [run(kind, settings, stream) for kind, all_settings in DETECTORS.items() for settings in all_settings]
    cases.append({"name": name, "errors": "".join(map(str, stream)), "runs": runs})
for name, stream in NUMBERS.items():
    runs = [run(kind, settings, stream) for kind in ("adwin", "pageHinkley") for settings in DETECTORS[kind]]
    cases.append({"name": name, "values": stream.tolist(), "runs": runs})

versions = {"python": sys.version.split()[0], "river": river.__version__, "numpy": np.__version__}
json.dump({"versions": versions, "cases": cases}, sys.stdout, separators=(",", ":"))
sys.stdout.write("\n")
