"""Writes stability.json: 1 - coefficient of variation of accuracy over windows, as NumPy computes it.

Run: python generate.py   (needs numpy; the version used stands in the file)
"""

import json
from pathlib import Path

import numpy

rng = numpy.random.default_rng(5)


def stability(accuracies):
    values = numpy.asarray(accuracies, dtype=float)
    if len(values) < 5:
        return None
    if values.mean() == 0:
        return 0.0
    return float(numpy.clip(1 - values.std(ddof=1) / values.mean(), 0, 1))


CASES = {
    "steady": [0.9] * 6,
    "all right": [1.0] * 5,
    "all wrong": [0.0] * 5,
    "four windows": [0.9] * 4,
    "none": [],
    "falling": [0.95, 0.93, 0.9, 0.85, 0.8, 0.74],
    "clipped at 0": [0.0, 0.0, 0.0, 0.0, 1.0],
    "tiny": [0.005, 0.01, 0.005, 0.0, 0.005],
    "200 labels at 0.9": (rng.binomial(200, 0.9, 40) / 200).tolist(),
    "200 labels at 0.6": (rng.binomial(200, 0.6, 1000) / 200).tolist(),
    "uneven": rng.uniform(0, 1, 25).tolist(),
}

document = {
    "versions": {"numpy": numpy.__version__},
    "cases": [{"name": name, "accuracies": case, "stability": stability(case)} for name, case in CASES.items()],
}
Path(__file__).with_name("stability.json").write_text(json.dumps(document, indent=1) + "\n")
