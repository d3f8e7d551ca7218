"""Writes distribution.json: bins as numpy sees them.

`searchsorted(side="left")` is the definition of bins (gt, le]; `nextafter` that of the double below; the inverted-CDF
quantile that of equal-mass edges where no value is heavier than a bin. Run: python generate.py   (needs numpy)
"""

import json
from pathlib import Path

import numpy

DYADIC = [2, 4, 8, 16]  # k / bins is exact, so that numpy's own rounding of k / bins * n cannot decide


def text(value):
    """JSON has no infinities; repr is the shortest text that reads back as the same double, as in JavaScript."""
    return repr(float(value))


def bins_case(name, edges, values):
    found = numpy.searchsorted(numpy.array(edges), numpy.array(values), side="left")
    return {
        "name": name,
        "edges": [text(e) for e in edges],
        "values": [text(v) for v in values],
        "bins": [int(b) for b in found],
        "counts": numpy.bincount(found, minlength=len(edges) + 1).tolist(),
    }


def bin_cases(rng):
    tiny = 5e-324
    yield bins_case("no edge", [], [-numpy.inf, -1e300, 0.0, tiny, numpy.inf])
    yield bins_case("on the edges", [1.0, 2.0, 3.0], [1.0, 2.0, 3.0, 0.9999999999999999, 1.0000000000000002])
    yield bins_case("around zero", [-tiny, 0.0, tiny], [-1.0, -tiny, -0.0, 0.0, tiny, 1e-300])
    yield bins_case("huge", [-1e300, 1e300], [-1.7e308, -1e300, 0.0, 1e300, 1.7e308, numpy.inf, -numpy.inf])
    yield bins_case("neighbours", [0.1, numpy.nextafter(0.1, 1), 0.3], [0.1, numpy.nextafter(0.1, 1), 0.1 + 0.2, 0.3])
    edges = numpy.unique(rng.normal(size=200))
    yield bins_case("200 edges", edges.tolist(), numpy.concatenate([rng.normal(size=2000), edges]).tolist())


def edges_case(name, values, bins):
    values = numpy.sort(numpy.array(values, dtype=float))
    quantiles = numpy.quantile(values, numpy.arange(1, bins) / bins, method="inverted_cdf")
    heaviest = numpy.unique(values, return_counts=True)[1].max()
    assert heaviest <= len(values) / bins, name
    edges = [q for q in numpy.unique(quantiles) if q < values[-1]]
    return {"name": name, "values": [text(v) for v in values], "bins": bins, "edges": [text(e) for e in edges]}


def edge_cases(rng):
    for bins in DYADIC:
        yield edges_case(f"normal, {bins} bins", rng.normal(size=333), bins)
        yield edges_case(f"as many values as bins, {bins} bins", numpy.arange(bins), bins)
        yield edges_case(f"ties up to a bin's mass, {bins} bins", numpy.repeat(rng.normal(size=40 * bins // 4), 4), bins)
        yield edges_case(f"huge and tiny, {bins} bins", rng.choice([-1, 1], 256) * 10.0 ** rng.uniform(-300, 300, 256), bins)
        yield edges_case(f"denormals, {bins} bins", numpy.arange(-100, 100) * 5e-324, bins)


def next_down():
    for value in [1.0, -1.0, 0.0, 5e-324, -5e-324, 0.1, 1e300, -1e300, 2.0**52, 2.2250738585072014e-308, 1.7976931348623157e308]:
        yield {"value": text(value), "below": text(numpy.nextafter(value, -numpy.inf))}


if __name__ == "__main__":
    generator = numpy.random.default_rng(20261124)
    content = {
        "versions": {"numpy": numpy.__version__},
        "bins": list(bin_cases(generator)),
        "edges": list(edge_cases(generator)),
        "next_down": list(next_down()),
    }
    Path(__file__).with_name("distribution.json").write_text(json.dumps(content) + "\n")
