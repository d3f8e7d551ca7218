"""Writes performance.json: what scikit-learn and SciPy say, for the TypeScript to be held against.

Run: python generate.py   (needs numpy, scipy, scikit-learn; the versions used stand in the file)
"""

import json
from pathlib import Path

import numpy
import scipy
import sklearn
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

AVERAGES = ["weighted", "macro", "micro"]


def case(name, actual, predicted):
    """One sample of labels and predictions, given to the test as counts per (actual, predicted)."""
    classes = sorted(set(actual) | set(predicted))
    matrix = confusion_matrix(actual, predicted, labels=classes)
    metrics = {"accuracy": float(accuracy_score(actual, predicted))}
    for average in AVERAGES:
        precision, recall, f1, _ = precision_recall_fscore_support(
            actual, predicted, average=average, zero_division=0
        )
        metrics[f"precision_{average}"] = float(precision)
        metrics[f"recall_{average}"] = float(recall)
        metrics[f"f1_{average}"] = float(f1)
    precision, recall, f1, support = precision_recall_fscore_support(
        actual, predicted, average=None, labels=classes, zero_division=0
    )
    cells = [
        [classes[i], classes[j], int(matrix[i, j])]
        for i in range(len(classes))
        for j in range(len(classes))
        if matrix[i, j] > 0
    ]
    per_class = [
        {"class": c, "precision": float(p), "recall": float(r), "f1": float(f), "support": int(s)}
        for c, p, r, f, s in zip(classes, precision, recall, f1, support)
    ]
    return {"name": name, "cells": cells, "n": len(actual), "metrics": metrics, "classes": per_class}


def random_case(name, rng, classes, n, skill, skew=1.0):
    weights = rng.dirichlet(numpy.full(classes, skew))
    actual = rng.choice(classes, size=n, p=weights)
    guess = rng.choice(classes, size=n, p=rng.dirichlet(numpy.full(classes, skew)))
    predicted = numpy.where(rng.random(n) < skill, actual, guess)
    return case(name, [f"c{a:02d}" for a in actual], [f"c{p:02d}" for p in predicted])


def cases():
    rng = numpy.random.default_rng(20261124)
    yield case("one sample, right", ["a"], ["a"])
    yield case("one sample, wrong", ["a"], ["b"])
    yield case("one class only", ["a"] * 7, ["a"] * 7)
    yield case("every sample wrong", ["a", "b", "c"] * 5, ["b", "c", "a"] * 5)
    yield case("a class never predicted", ["a", "b", "c", "c"], ["a", "b", "a", "b"])
    yield case("a class only predicted", ["a", "a", "b", "b"], ["a", "z", "b", "z"])
    yield case("one class in labels, another in predictions", ["a"] * 4, ["b"] * 4)
    yield case("majority guesser", ["no"] * 97 + ["yes"] * 3, ["no"] * 100)
    yield random_case("binary", rng, 2, 1_000, 0.8)
    yield random_case("binary, rare class", rng, 2, 5_000, 0.5, 0.05)
    for classes in [3, 5, 10, 20, 35, 50]:
        yield random_case(f"{classes} classes", rng, classes, 2_000, 0.6)
        yield random_case(f"{classes} classes, skewed, few samples", rng, classes, 40, 0.4, 0.3)
    yield random_case("two million samples", rng, 4, 2_000_000, 0.9)


def wilson():
    pairs = [(0, 1), (1, 1), (0, 10), (10, 10), (1, 10), (5, 10), (97, 100), (1, 1_000_000), (999_999, 1_000_000)]
    pairs += [(850, 1_000), (123_456_789, 1_000_000_000)]
    for successes, n in pairs:
        interval = binomtest(successes, n).proportion_ci(confidence_level=0.95, method="wilson")
        yield {"successes": successes, "n": n, "low": float(interval.low), "high": float(interval.high)}


if __name__ == "__main__":
    content = {
        "versions": {"numpy": numpy.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
        "cases": list(cases()),
        "wilson": list(wilson()),
    }
    Path(__file__).with_name("performance.json").write_text(json.dumps(content, indent=1) + "\n")
