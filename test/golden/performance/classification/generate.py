"""Writes classification.json: what scikit-learn and SciPy say, for the TypeScript to be held against.

Run: python generate.py   (needs numpy, scipy, scikit-learn; the versions used stand in the file)
Classes without scikit-learn's own specificity get the recall of "any other class". Null stands where scikit-learn has nan.
"""

import json
import math
import warnings
from decimal import Context, Decimal
from pathlib import Path

import numpy
import scipy
import sklearn
from scipy.stats import binomtest
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    cohen_kappa_score,
    matthews_corrcoef,
    precision_recall_fscore_support,
    recall_score,
)

AVERAGES = ["weighted", "macro", "micro"]
SHOWN_CLASSES = 50


def or_null(value):
    return None if math.isnan(value) else float(value)


def matthews(actual, predicted, weight):
    """scikit-learn's, except beyond 10^9 samples: there n^2 is no exact double (it is off by 3e-10 below), so whole numbers."""
    theirs = matthews_corrcoef(actual, predicted, sample_weight=weight)
    n = int(weight.sum())
    if n <= 10**9:
        return float(theirs)
    classes = sorted(set(actual) | set(predicted))
    labels, guesses = ([int(weight[side == c].sum()) for c in classes] for side in (actual, predicted))
    covariance = int(weight[actual == predicted].sum()) * n - sum(s * p for s, p in zip(labels, guesses))
    square = (n * n - sum(s * s for s in labels)) * (n * n - sum(p * p for p in guesses))
    exact = float(Decimal(covariance) / Decimal(square).sqrt(Context(prec=60)))
    assert abs(exact - theirs) < 1e-9
    return exact


def specificities(actual, predicted, weight, classes):
    return [
        float(recall_score(actual != c, predicted != c, sample_weight=weight, zero_division=0)) for c in classes
    ]


def binary(actual, predicted, weight, positive):
    """One class against the rest."""
    actual, predicted = actual == positive, predicted == positive
    given = {"sample_weight": weight}
    precision, recall, f1, _ = precision_recall_fscore_support(
        actual, predicted, average="binary", pos_label=True, zero_division=0, **given
    )
    return {
        "positiveClass": positive,
        "counts": [int(weight[(actual == a) & (predicted == p)].sum()) for a, p in [(1, 1), (0, 1), (1, 0), (0, 0)]],
        "precision": float(precision),
        "recall": float(recall),
        "f1": float(f1),
        "specificity": float(recall_score(~actual, ~predicted, zero_division=0, **given)),
        "accuracy": float(accuracy_score(actual, predicted, **given)),
        "balanced_accuracy": float(balanced_accuracy_score(actual, predicted, **given)),
        "mcc": matthews(actual, predicted, weight),
        "cohen_kappa": or_null(cohen_kappa_score(actual, predicted, **given)),
    }


def case(name, actual, predicted, weight=None):
    """Labels and predictions, given to the test as counts per (actual, predicted); `weight`: so many samples alike."""
    actual, predicted = numpy.asarray(actual, dtype=str), numpy.asarray(predicted, dtype=str)
    weight = numpy.ones(len(actual), dtype=numpy.int64) if weight is None else numpy.asarray(weight)
    classes = sorted(set(actual) | set(predicted))
    given = {"sample_weight": weight}
    metrics = {
        "accuracy": float(accuracy_score(actual, predicted, **given)),
        "balanced_accuracy": float(balanced_accuracy_score(actual, predicted, **given)),
        "mcc": matthews(actual, predicted, weight),
        "cohen_kappa": or_null(cohen_kappa_score(actual, predicted, **given)),
    }
    for average in AVERAGES:
        rates = precision_recall_fscore_support(actual, predicted, average=average, zero_division=0, **given)
        metrics |= {f"{rate}_{average}": float(v) for rate, v in zip(["precision", "recall", "f1"], rates)}
    precision, recall, f1, _ = precision_recall_fscore_support(
        actual, predicted, average=None, labels=classes, zero_division=0, **given
    )
    support = [int(weight[actual == c].sum()) for c in classes]
    specificity = specificities(actual, predicted, weight, classes)
    metrics["specificity_macro"] = float(numpy.mean(specificity))
    metrics["specificity_weighted"] = float(numpy.average(specificity, weights=support))
    cells = {}
    for a, p, w in zip(actual.tolist(), predicted.tolist(), weight.tolist()):
        cells[a, p] = cells.get((a, p), 0) + w
    per_class = [
        {"class": c, "precision": float(p), "recall": float(r), "f1": float(f), "specificity": x, "support": s}
        for c, p, r, f, x, s in zip(classes, precision, recall, f1, specificity, support)
    ][:SHOWN_CLASSES]
    return {
        "name": name,
        "n": int(weight.sum()),
        "cells": [[a, p, w] for (a, p), w in sorted(cells.items())],
        "metrics": metrics,
        "occurring": len(classes),
        "classes": per_class,
        "binary": binary(actual, predicted, weight, classes[-1]),
    }


def random_case(name, rng, classes, n, skill, skew=1.0):
    weights = rng.dirichlet(numpy.full(classes, skew))
    actual = rng.choice(classes, size=n, p=weights)
    guess = rng.choice(classes, size=n, p=rng.dirichlet(numpy.full(classes, skew)))
    predicted = numpy.where(rng.random(n) < skill, actual, guess)
    return case(name, [f"c{a:03d}" for a in actual], [f"c{p:03d}" for p in predicted])


def cases():
    rng = numpy.random.default_rng(20261124)
    yield case("one sample, right", ["a"], ["a"])
    yield case("one sample, wrong", ["a"], ["b"])
    yield case("one class only", ["a"] * 7, ["a"] * 7)
    yield case("perfect", ["a", "b", "c"] * 5, ["a", "b", "c"] * 5)
    yield case("every sample wrong", ["a", "b", "c"] * 5, ["b", "c", "a"] * 5)
    yield case("binary, every sample wrong", ["a", "b"] * 5, ["b", "a"] * 5)
    yield case("a class never predicted", ["a", "b", "c", "c"], ["a", "b", "a", "b"])
    yield case("a class only predicted", ["a", "a", "b", "b"], ["a", "z", "b", "z"])
    yield case("one class in labels, another in predictions", ["a"] * 4, ["b"] * 4)
    yield case("one class in labels, two in predictions", ["a"] * 4, ["b", "a", "a", "a"])
    yield case("majority guesser", ["no"] * 97 + ["yes"] * 3, ["no"] * 100)
    yield random_case("binary", rng, 2, 1_000, 0.8)
    yield random_case("binary, rare class", rng, 2, 5_000, 0.5, 0.05)
    for classes in [3, 5, 10, 20, 35, 50]:
        yield random_case(f"{classes} classes", rng, classes, 2_000, 0.6)
        yield random_case(f"{classes} classes, skewed, few samples", rng, classes, 40, 0.4, 0.3)
    yield random_case("1,000 classes", rng, 1_000, 3_000, 0.6)
    yield random_case("two million samples", rng, 4, 2_000_000, 0.9)
    pairs = [(a, p) for a in "abcd" for p in "abcd"]
    counts = rng.integers(1, 10**12, size=len(pairs))
    yield case("huge counts", [a for a, _ in pairs], [p for _, p in pairs], counts)
    yield case("huge counts beside single samples", ["a", "a", "b", "b"], ["a", "b", "a", "b"], [10**12, 3, 5, 7 * 10**4])


def wilson():
    pairs = [(0, 1), (1, 1), (0, 10), (10, 10), (1, 10), (5, 10), (97, 100), (1, 1_000_000), (999_999, 1_000_000)]
    pairs += [(850, 1_000), (123_456_789, 1_000_000_000)]
    for successes, n in pairs:
        interval = binomtest(successes, n).proportion_ci(confidence_level=0.95, method="wilson")
        yield {"successes": successes, "n": n, "low": float(interval.low), "high": float(interval.high)}


if __name__ == "__main__":
    warnings.filterwarnings("ignore", module="sklearn")
    versions = {"numpy": numpy.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__}
    lines = ",\n".join(json.dumps(item) for item in cases())
    Path(__file__).with_name("classification.json").write_text(
        f'{{"versions": {json.dumps(versions)},\n"cases": [\n{lines}\n],\n"wilson": {json.dumps(list(wilson()))}}}\n'
    )
