"""Writes multilabel.json: what scikit-learn says of samples with several labels, for the TypeScript to be held against.

Run: python generate.py   (needs numpy, scikit-learn; the versions used stand in the file)
"""

import json
import warnings
from pathlib import Path

import numpy
import sklearn
from sklearn.metrics import accuracy_score, hamming_loss, precision_recall_fscore_support

RATES = ["precision", "recall", "f1"]


def case(name, actual, predicted):
    """Indicator matrices, given to the test as the positions of the ones."""
    actual, predicted = numpy.asarray(actual), numpy.asarray(predicted)
    metrics = {
        "subset_accuracy": float(accuracy_score(actual, predicted)),
        "hamming_loss": float(hamming_loss(actual, predicted)),
    }
    for average in ["micro", "macro", "weighted", "samples"]:
        rates = precision_recall_fscore_support(actual, predicted, average=average, zero_division=0)
        metrics |= {f"{rate}_{average}": float(v) for rate, v in zip(RATES, rates)}
    *rates, support = precision_recall_fscore_support(actual, predicted, average=None, zero_division=0)
    return {
        "name": name,
        "columns": actual.shape[1],
        "rows": [[numpy.flatnonzero(a).tolist(), numpy.flatnonzero(p).tolist()] for a, p in zip(actual, predicted)],
        "metrics": metrics,
        "labels": [dict(zip(RATES, map(float, values)), support=int(s)) for *values, s in zip(*rates, support)],
    }


def random_case(name, rng, samples, columns, share, noise):
    actual = rng.random((samples, columns)) < rng.random(columns) * share
    return case(name, actual.astype(int), (actual ^ (rng.random(actual.shape) < noise)).astype(int))


def cases():
    rng = numpy.random.default_rng(20261124)
    yield case("one sample, right", [[1, 0, 1]], [[1, 0, 1]])
    yield case("one sample, wrong", [[1, 0, 1]], [[0, 1, 0]])
    yield case("one sample, nothing true, nothing predicted", [[0, 0]], [[0, 0]])
    yield case("nothing predicted", [[1, 0], [1, 1], [0, 0]], [[0, 0]] * 3)
    yield case("nothing true", [[0, 0]] * 3, [[1, 0], [1, 1], [0, 0]])
    yield case("perfect", [[1, 0, 1], [0, 1, 0], [0, 0, 0]] * 4, [[1, 0, 1], [0, 1, 0], [0, 0, 0]] * 4)
    yield case("all wrong", [[1, 0, 1], [0, 1, 0]] * 4, [[0, 1, 0], [1, 0, 1]] * 4)
    yield case("a label that never occurs", [[1, 0, 0], [1, 1, 0]], [[1, 1, 0], [0, 1, 0]])
    yield random_case("5 labels", rng, 400, 5, 0.8, 0.15)
    yield random_case("20 rare labels", rng, 300, 20, 0.1, 0.02)
    yield random_case("200 labels", rng, 150, 200, 0.05, 0.01)


if __name__ == "__main__":
    warnings.filterwarnings("ignore", module="sklearn")
    versions = {"numpy": numpy.__version__, "scikit-learn": sklearn.__version__}
    lines = ",\n".join(json.dumps(item) for item in cases())
    Path(__file__).with_name("multilabel.json").write_text(
        f'{{"versions": {json.dumps(versions)},\n"cases": [\n{lines}\n]}}\n'
    )
