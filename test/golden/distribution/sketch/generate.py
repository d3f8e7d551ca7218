"""Writes sketch.json: quantiles as NumPy takes them, for the quantile sketch to be held against.

Run: python generate.py   (needs numpy; the version used stands in the file)
"""

import json
from pathlib import Path

import numpy

QUANTILES = [0, 0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1]


def case(name, values):
    values = numpy.asarray(values, float)
    return {
        "name": name,
        "values": values.tolist(),
        "quantiles": numpy.quantile(values, QUANTILES, method="inverted_cdf").tolist(),
    }


def cases():
    rng = numpy.random.default_rng(20261124)
    yield case("one", [-7.25])
    yield case("constant", [0.3] * 50)
    yield case("zeros", [0.0, -0.0, 0.0])
    yield case("uniform", rng.random(1000).round(5))
    yield case("normal, both signs", rng.normal(size=1000).round(5))
    yield case("lognormal", rng.lognormal(0, 3, 1000).round(6))
    yield case("heavy tail", rng.pareto(0.5, 1000).round(4))
    yield case("ties", rng.integers(-3, 4, 400))
    yield case("mostly zero", numpy.r_[numpy.zeros(300), rng.normal(size=40).round(4)])
    yield case("from the smallest to the largest double", [5e-324, 1e-310, 1e-300, 1e-100, 1, 1e100, 1e300, 1.7976931348623157e308])
    yield case("the same, negative", [-5e-324, -1e-310, -1e-300, -1e-100, -1, -1e100, -1e300, -1.7976931348623157e308])


if __name__ == "__main__":
    content = {"versions": {"numpy": numpy.__version__}, "probabilities": QUANTILES, "cases": list(cases())}
    Path(__file__).with_name("sketch.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")
