"""Writes regression.json: what scikit-learn says of predicted numbers, for the TypeScript to be held against.

Run: python generate.py   (needs numpy, scikit-learn; the versions used stand in the file)
"""

import json
import warnings
from pathlib import Path

import numpy
import sklearn
from sklearn.metrics import (
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    r2_score,
    root_mean_squared_error,
)

QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95]


def r2(actual, predicted):
    """Labels that are all equal but no binary fraction have a mean that rounds, and scikit-learn says -4e29 instead of 0."""
    if len(actual) < 2:
        return None
    return 0.0 if numpy.ptp(actual) == 0 and (actual != predicted).any() else float(r2_score(actual, predicted))


def case(name, actual, predicted):
    actual, predicted = numpy.asarray(actual, float), numpy.asarray(predicted, float)
    residuals = predicted - actual
    return {
        "name": name,
        "actual": actual.tolist(),
        "predicted": predicted.tolist(),
        "metrics": {
            "mae": float(mean_absolute_error(actual, predicted)),
            "mse": float(mean_squared_error(actual, predicted)),
            "rmse": float(root_mean_squared_error(actual, predicted)),
            "mape": float(mean_absolute_percentage_error(actual, predicted)),
            "r2": r2(actual, predicted),
            "bias": float(residuals.mean()),
        },
        "residuals": numpy.quantile(residuals, QUANTILES, method="inverted_cdf").tolist(),
    }


def cases():
    rng = numpy.random.default_rng(20261124)
    yield case("one", [3.5], [3.0])
    yield case("two", [1.0, 2.0], [1.5, 1.5])
    yield case("all right", numpy.arange(20.0), numpy.arange(20.0))
    yield case("labels all equal, all right", [4.0] * 9, [4.0] * 9)
    yield case("labels all equal, some wrong", [4.0] * 9, [4.0] * 5 + [5.0] * 4)
    yield case("labels all equal and no binary fraction", [0.1] * 30, [0.1] * 29 + [0.2])
    yield case("worse than the mean", [1.0, 2.0, 3.0, 4.0], [9.0, -5.0, 7.0, 0.0])
    yield case("ties", rng.integers(0, 4, 200), rng.integers(0, 4, 200))
    actual = rng.normal(50, 12, 800).round(3)
    yield case("ordinary", actual, (actual + rng.normal(0.7, 4, 800)).round(3))
    yield case("constant prediction", actual[:300], numpy.full(300, 50.0))
    yield case("labels of zero", [0.0, 0.0, 2.0, -1.0], [0.0, 0.5, 2.5, -1.0])
    actual = 1e9 + rng.normal(0, 1, 500).round(3)
    yield case("far from zero", actual, actual + rng.normal(0, 0.3, 500).round(3))
    yield case("first label far out", numpy.r_[1e6, rng.normal(0, 1, 300).round(3)], numpy.r_[1e6, rng.normal(0, 1, 300).round(3)])
    yield case("huge", rng.normal(0, 1, 60) * 1e70, rng.normal(0, 1, 60) * 1e70)
    yield case("tiny", rng.normal(0, 1, 60) * 1e-70, rng.normal(0, 1, 60) * 1e-70)
    yield case("heavy tail", rng.pareto(1.2, 700).round(5), rng.pareto(1.2, 700).round(5))
    yield case("negative and positive", rng.normal(0, 1, 400).round(4), rng.normal(0, 1, 400).round(4))


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = {
            "versions": {"numpy": numpy.__version__, "scikit-learn": sklearn.__version__},
            "cases": list(cases()),
        }
    Path(__file__).with_name("regression.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")
