"""Writes agreement.json: Cohen's kappa with its asymptotic standard error as statsmodels gives it (Fleiss, Cohen & Everitt 1969),
for the delta method of the TypeScript to be held against.

Run: python generate.py   (needs numpy, statsmodels; the versions used stand in the file)
"""

import json
from pathlib import Path

import numpy
import statsmodels
from statsmodels.stats.inter_rater import cohens_kappa


def cases():
    rng = numpy.random.default_rng(20261124)
    yield "binary", [[40, 7], [3, 12]]
    yield "worse than chance", [[2, 30, 1], [40, 3, 2], [5, 1, 5]]
    yield "a class never predicted", [[20, 0, 2], [4, 0, 6], [1, 0, 11]]
    yield "one miss", [[50, 1], [0, 50]]
    yield "12 classes", (rng.integers(0, 9, (12, 12)) + numpy.diag(rng.integers(20, 90, 12))).tolist()
    yield "large", [[10**6, 10**4, 10], [10**3, 10**5, 10**3], [10, 100, 10**3]]


if __name__ == "__main__":
    content = []
    for name, matrix in cases():
        result = cohens_kappa(numpy.array(matrix, dtype=float))
        content.append({"name": name, "matrix": matrix, "kappa": float(result.kappa), "error": float(result.std_kappa)})
    versions = {"numpy": numpy.__version__, "statsmodels": statsmodels.__version__}
    lines = ",\n".join(json.dumps(item) for item in content)
    Path(__file__).with_name("agreement.json").write_text(
        f'{{"versions": {json.dumps(versions)},\n"cases": [\n{lines}\n]}}\n'
    )
