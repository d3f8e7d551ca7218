"""Writes scores.json: what scikit-learn and NumPy say of scored binary samples, for the TypeScript to be held against.

Run: python generate.py   (needs numpy, scikit-learn; the versions used stand in the file)
"""

import json
import warnings
from pathlib import Path

import numpy
import sklearn
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

BINS = 15
DRAWS = 40_000


def delong_variance(scores, labels):
    """DeLong's variance, straight from the definition: every positive against every negative."""
    x, y = scores[labels == 1], scores[labels == 0]
    wins = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    parts = [wins.mean(axis=1), wins.mean(axis=0)]
    if min(len(part) for part in parts) < 2:
        return None
    return float(sum(part.var(ddof=1) / len(part) for part in parts))


def calibration(scores, labels, rng):
    """Expected calibration error over bins of equal width, and its mean and 95 % quantile when labels follow the scores."""
    bins = numpy.minimum(BINS - 1, numpy.floor(BINS * scores)).astype(int)
    gap = lambda y: numpy.abs(numpy.array([(y - scores)[..., bins == b].sum(axis=-1) for b in range(BINS)])).sum(axis=0)
    draws = []
    for _ in range(DRAWS // 1000 if len(scores) > 2000 else DRAWS // 100):
        many = 1000 if len(scores) > 2000 else 100
        draws.append(gap((rng.random((many, len(scores))) < scores).astype(float)) / len(scores))
    draws = numpy.concatenate(draws)
    return {
        "ece": float(gap(labels.astype(float)) / len(scores)),
        "expected": float(draws.mean()),
        "quantile95": float(numpy.quantile(draws, 0.95)),
    }


def case(name, scores, labels, rng, simulate=False):
    scores, labels = numpy.asarray(scores, float), numpy.asarray(labels, int)
    both = 0 < labels.sum() < len(labels)
    return {
        "name": name,
        "scores": scores.tolist(),
        "positives": labels.tolist(),
        "roc_auc": float(roc_auc_score(labels, scores)) if both else None,
        "delong": delong_variance(scores, labels) if both else None,
        "average_precision": float(average_precision_score(labels, scores)) if labels.sum() else None,
        "brier": float(brier_score_loss(labels, scores)),
        "log_loss": float(log_loss(labels, scores, labels=[0, 1])),
        **({"calibration": calibration(scores, labels, rng)} if simulate else {}),
    }


def drawn(rng, n, quality=2.0, digits=3):
    labels = (rng.random(n) < 0.4).astype(int)
    scores = 1 / (1 + numpy.exp(-(quality * (labels - 0.5) + rng.normal(size=n))))
    return scores.round(digits), labels


def cases():
    rng = numpy.random.default_rng(20261124)
    yield case("two", [0.2, 0.7], [0, 1], rng)
    yield case("two, the wrong way round", [0.7, 0.2], [0, 1], rng)
    yield case("one positive", [0.7], [1], rng)
    yield case("one negative", [0.7], [0], rng)
    yield case("only positives", [0.1, 0.5, 0.9], [1, 1, 1], rng)
    yield case("only negatives", [0.1, 0.5, 0.9], [0, 0, 0], rng)
    yield case("all scores equal", [0.5] * 12, [0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0], rng)
    yield case("perfect", numpy.arange(40) / 40, [0] * 25 + [1] * 15, rng)
    yield case("perfectly wrong", numpy.arange(40) / 40, [1] * 25 + [0] * 15, rng)
    yield case("sure and right", [0, 0, 1, 1, 1], [0, 0, 1, 1, 1], rng)
    yield case("sure and once wrong", [0, 0, 1, 1, 1], [0, 1, 1, 0, 1], rng)
    yield case("tiny scores", [1e-300, 5e-324, 1e-17, 2e-16, 1e-15, 0.0], [0, 1, 0, 1, 1, 0], rng)
    yield case("next to one", [1 - 1e-16, 1 - 2.3e-16, 1 - 1e-15, 1.0], [0, 1, 0, 1], rng)
    yield case("many ties", rng.integers(0, 8, 300) / 7, rng.integers(0, 2, 300), rng, True)
    yield case("unequal sizes", *(lambda s: (s, [1] * 10 + [0] * 1990))(rng.random(2000).round(4)), rng)
    scores = rng.random(1500).round(4)
    yield case("calibrated", scores, rng.random(1500) < scores, rng, True)
    scores = (rng.random(400) ** 3).round(4)
    yield case("calibrated, mostly low", scores, rng.random(400) < scores, rng, True)
    scores = rng.random(30).round(3)
    yield case("calibrated, few", scores, rng.random(30) < scores, rng, True)
    yield case("over-confident", *drawn(rng, 1200), rng, True)
    yield case("uninformative", *drawn(rng, 800, quality=0.0), rng, True)


def several(rng, name, probabilities, labels):
    probabilities = numpy.asarray(probabilities, float)
    classes = list(range(probabilities.shape[1]))
    return {
        "name": name,
        "classes": len(classes),
        "probabilities": probabilities.ravel().tolist(),
        "labels": [int(label) for label in labels],
        "log_loss": float(log_loss(labels, probabilities, labels=classes)),
        "brier": float(brier_score_loss(labels, probabilities, labels=classes)),
    }


def class_cases():
    rng = numpy.random.default_rng(7)
    yield several(rng, "one", [[0.2, 0.5, 0.3]], [1])
    yield several(rng, "sure and right", [[0, 1, 0], [1, 0, 0]], [1, 0])
    yield several(rng, "sure and wrong", [[0, 1, 0], [1, 0, 0]], [2, 0])
    for classes, rows in [(3, 200), (10, 100)]:
        yield several(rng, f"{classes} classes", rng.dirichlet(numpy.full(classes, 0.7), rows), rng.integers(0, classes, rows))


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = {
            "versions": {"numpy": numpy.__version__, "scikit-learn": sklearn.__version__},
            "cases": list(cases()),
            "several": list(class_cases()),
        }
    Path(__file__).with_name("scores.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")
