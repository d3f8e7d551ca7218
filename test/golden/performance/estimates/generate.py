"""Writes estimates.json: what NannyML estimates without labels, for the TypeScript to be held against.

Run: python generate.py   (needs nannyml, scikit-learn, numpy, pandas; the versions used stand in the file)
"""

import importlib.metadata
import json
import warnings
from pathlib import Path

import numpy
import pandas
from nannyml import DLE
from nannyml.calibration import IsotonicCalibrator
from nannyml.performance_estimation.confidence_based import metrics as cbpe
from sklearn.isotonic import isotonic_regression
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_auc_score

BINS = 15
ROWS = 20_000
NAMES = ["accuracy", "precision", "recall", "specificity", "f1"]


def estimates(predicted, calibrated, scores):
    values = {name: float(getattr(cbpe, f"estimate_{name}")(predicted, calibrated)) for name in NAMES}
    return values | {"roc_auc": float(cbpe.estimate_roc_auc(calibrated, scores))}


def exact(name, scores, calibrated, threshold=0.5):
    scores, calibrated = numpy.asarray(scores, float), numpy.asarray(calibrated, float)
    predicted = (scores >= threshold).astype(int)
    both = 0 < calibrated.sum() < len(calibrated)
    values = estimates(predicted, calibrated, scores)
    if not both:
        values["roc_auc"] = None
    return {
        "name": name,
        "scores": scores.tolist(),
        "probabilities": calibrated.tolist(),
        "predicted": predicted.tolist(),
        "estimates": values,
    }


def exact_cases(rng):
    yield exact("one", [0.8], [0.7])
    yield exact("two", [0.2, 0.9], [0.1, 0.8])
    yield exact("ten", *(lambda p: (p, p))(rng.random(10).round(4)))
    yield exact("a hundred", *(lambda p: (p, p**2))(rng.random(100).round(4)))
    yield exact("three thousand", *(lambda p: (p, p))(rng.random(3000).round(6)))
    yield exact("no positive prediction", *(lambda p: (p, p))((rng.random(50) * 0.4).round(4)))
    yield exact("all sure", [0.0] * 6 + [1.0] * 4, [0.0] * 6 + [1.0] * 4)
    yield exact("all negative for sure", [0.1, 0.2, 0.3], [0.0, 0.0, 0.0])
    yield exact("rare", *(lambda p: (p, p))((rng.random(1000) ** 6).round(6)))
    steps = numpy.linspace(0, 1, 11)
    raw = rng.random(800).round(5)
    yield exact("isotonic steps", raw, steps[numpy.searchsorted(steps, raw) - 1].round(3))


def multiclass(rng, rows, classes):
    probabilities = rng.dirichlet(numpy.full(classes, 0.6), rows).round(6)
    probabilities[:, -1] = 1 - probabilities[:, :-1].sum(axis=1)
    predicted = probabilities.argmax(axis=1)
    sides = [(predicted == k).astype(int) for k in range(classes)]
    average = lambda name: float(
        numpy.mean([getattr(cbpe, f"estimate_{name}")(side, probabilities[:, k]) for k, side in enumerate(sides)])
    )
    return {
        "name": f"{rows} rows of {classes} classes",
        "classes": classes,
        "probabilities": probabilities.ravel().tolist(),
        "predicted": predicted.tolist(),
        "estimates": {
            # As MulticlassClassificationAccuracy: the probability of the predicted class, averaged.
            "accuracy": float(probabilities[numpy.arange(rows), predicted].mean()),
            **{f"{name}_macro": average(name) for name in NAMES[1:]},
            "roc_auc_macro": float(
                numpy.mean([cbpe.estimate_roc_auc(probabilities[:, k], probabilities[:, k]) for k in range(classes)])
            ),
        },
    }


def cells(scores, predicted, labels):
    """The counters of calibration: by what was predicted and by bin."""
    index = numpy.minimum(BINS - 1, numpy.floor(BINS * scores)).astype(int) + BINS * predicted
    count = lambda weights: numpy.bincount(index, weights=weights, minlength=2 * BINS).tolist()
    ones = numpy.ones(len(scores))
    return {"predictions": count(ones), "labeled": count(ones), "correct": count(predicted == labels), "score": count(scores)}


def fine(scores, labels):
    """Counts by the 202 bins that are 0.1 wide in log-odds."""
    edges = 1 / (1 + numpy.exp((100 - numpy.arange(201)) / 10))
    index = numpy.searchsorted(edges, scores, side="left")
    count = lambda weights: numpy.bincount(index, weights=weights, minlength=202).astype(int).tolist()
    return {"predictions": count(numpy.ones(len(scores))), "positives": count(labels), "negatives": count(1 - labels)}


def stream(name, rng, draw, distort, threshold=0.5):
    """A reference that calibrates, and rows after a shift of the inputs that are to be estimated."""
    parts = {}
    for part, shift in [("reference", 0.0), ("analysis", 0.4)]:
        truth = draw(rng, shift)
        labels = (rng.random(ROWS) < truth).astype(int)
        scores = distort(truth)
        parts[part] = (scores, (scores >= threshold).astype(int), labels)
    scores, predicted, labels = parts["reference"]
    calibrator = IsotonicCalibrator()
    calibrator.fit(scores, labels)
    theirs, guess, actual = parts["analysis"]
    return {
        "name": name,
        "reference": cells(*parts["reference"]),
        "analysis": cells(*parts["analysis"]),
        "fine": {"reference": fine(scores, labels), "analysis": fine(theirs, actual)},
        "estimates": estimates(guess, calibrator.calibrate(theirs), theirs),
        "realised": {
            "accuracy": float(accuracy_score(actual, guess)),
            "precision": float(precision_score(actual, guess)),
            "recall": float(recall_score(actual, guess)),
            "f1": float(f1_score(actual, guess)),
            "roc_auc": float(roc_auc_score(actual, theirs)),
        },
    }


def isotonic(rng):
    for size in [1, 2, 3, 10, 60]:
        for draw in [rng.normal, lambda size: rng.integers(0, 3, size), lambda size: numpy.sort(rng.normal(size=size))]:
            y, weight = numpy.asarray(draw(size=size), float).round(4), rng.integers(1, 6, size).astype(float)
            yield {"y": y.tolist(), "weight": weight.tolist(), "fit": isotonic_regression(y, sample_weight=weight).tolist()}


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def streams(rng):
    draw = lambda generator, shift: sigmoid(1.8 * generator.normal(size=ROWS) + shift)
    yield stream("well calibrated", rng, draw, lambda p: p)
    yield stream("over-confident", rng, draw, lambda p: sigmoid(2.2 * numpy.log(p / (1 - p))))
    rare = lambda generator, shift: sigmoid(1.5 * generator.normal(size=ROWS) - 4 + shift)
    yield stream("one in twenty", rng, rare, lambda p: p, threshold=0.2)


def losses(rng):
    """A regression whose error grows with what it predicts; the analysis part predicts larger values."""
    frames = []
    for shift in [0.0, 1.0]:
        x = rng.normal(shift, 1, ROWS)
        predicted = 10 + 3 * x
        frames.append(pandas.DataFrame({"x": x, "predicted": predicted, "actual": predicted + rng.normal(size=ROWS) * (0.5 + 0.15 * numpy.abs(predicted))}))
    reference, analysis = frames
    estimator = DLE(
        metrics=["mae", "rmse"], y_true="actual", y_pred="predicted", feature_column_names=["x"], chunk_size=ROWS
    )
    estimator.fit(reference)
    result = estimator.estimate(analysis).to_df()
    edges = numpy.quantile(reference["predicted"], numpy.arange(1, 20) / 20, method="inverted_cdf")

    def binned(frame):
        index = numpy.searchsorted(edges, frame["predicted"], side="left")
        error = (frame["predicted"] - frame["actual"]).to_numpy()
        count = lambda weights: numpy.bincount(index, weights=weights, minlength=20).tolist()
        ones = numpy.ones(len(frame))
        return {"predictions": count(ones), "labeled": count(ones), "absolute": count(abs(error)), "squared": count(error**2), "fourth": count(error**4)}

    error = analysis["predicted"] - analysis["actual"]
    before = reference["predicted"] - reference["actual"]
    row = result[result[("chunk", "period")] == "analysis"].iloc[0]
    return {
        "edges": edges.tolist(),
        "reference": binned(reference),
        "analysis": binned(analysis),
        "nannyml": {name: float(row[(name, "value")]) for name in ["mae", "rmse"]},
        "realised": {"mae": float(error.abs().mean()), "rmse": float((error**2).mean() ** 0.5)},
        "before": {"mae": float(before.abs().mean()), "rmse": float((before**2).mean() ** 0.5)},
    }


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rng = numpy.random.default_rng(20261124)
        content = {
            "versions": {name: importlib.metadata.version(name) for name in ["nannyml", "numpy", "scikit-learn", "lightgbm"]},
            "exact": list(exact_cases(rng)),
            "multiclass": [multiclass(rng, 300, 3), multiclass(rng, 100, 8)],
            "streams": list(streams(rng)),
            "losses": losses(rng),
            "isotonic": list(isotonic(rng)),
        }
    Path(__file__).with_name("estimates.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")
