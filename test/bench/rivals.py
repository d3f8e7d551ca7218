"""Times the Python rivals that this interpreter has: one request per line on standard input, one answer per line.

Request {"rival": …, "size": …, "clock": "wall" or "cpu"}; answer {"seconds": …} for one unit of work, or {"missing": why}.
Request {"rival": "versions"}; answer {"versions": {…}} of this interpreter and the rivals it has.
"""

import contextlib
import importlib.metadata
import io
import json
import platform
import sys
import time
import warnings

warnings.filterwarnings("ignore")
FEATURES = 12
prepared = {}


def columns(size):
    import numpy as np

    rng = np.random.default_rng(size)
    return {f"f{i}": rng.random(size) * 10 for i in range(FEATURES)}, {f"f{i}": rng.random(size) * 10 for i in range(FEATURES)}


def scipy_ks(size, method):
    from scipy.stats import ks_2samp

    reference, current = prepared.setdefault(("columns", size), columns(size))

    def run():
        for name in reference:
            ks_2samp(reference[name], current[name], method=method)

    return run


def nannyml_ks(size):
    import nannyml
    import pandas

    reference, current = map(pandas.DataFrame, prepared.setdefault(("columns", size), columns(size)))
    calculator = nannyml.UnivariateDriftCalculator(
        column_names=list(reference.columns), continuous_methods=["kolmogorov_smirnov"], chunk_size=size
    ).fit(reference)
    return lambda: calculator.calculate(current)


def evidently_report(size):
    import pandas
    from evidently import Report
    from evidently.presets import DataDriftPreset

    reference, current = map(pandas.DataFrame, prepared.setdefault(("columns", size), columns(size)))
    report = Report([DataDriftPreset()])
    return lambda: report.run(current, reference).dict()


def whylogs_track(size):
    import random

    from whylogs.core import DatasetProfile

    random.seed(1)
    rows = [
        {**{f"f{i}": random.random() * 10 for i in range(10)}, "c0": "abc"[row % 3], "c1": "xyzw"[row % 4]}
        for row in range(size)
    ]

    def run():
        profile = DatasetProfile()
        for row in rows:
            profile.track(row)

    return run


RIVALS = {
    "scipy exact": lambda size: scipy_ks(size, "auto"),
    "scipy asymptotic": lambda size: scipy_ks(size, "asymp"),
    "nannyml": nannyml_ks,
    "evidently": evidently_report,
    "whylogs": whylogs_track,
}

PACKAGES = ("scipy", "nannyml", "evidently", "whylogs", "numpy", "pandas")


def versions():
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[package] = importlib.metadata.version(package)
    return found


for line in sys.stdin:
    request = json.loads(line)
    if request["rival"] == "versions":
        print(json.dumps({"versions": versions()}), flush=True)
        continue
    key = (request["rival"], request["size"])
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            if key not in prepared:
                prepared[key] = RIVALS[key[0]](key[1])
            clock = time.process_time if request.get("clock") == "cpu" else time.perf_counter
            start = clock()
            prepared[key]()
            answer = {"seconds": clock() - start}
    except Exception as error:  # not installed, or does not work with what else is
        answer = {"missing": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
