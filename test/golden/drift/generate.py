"""Golden vectors for the drift room, from SciPy and NumPy.

    pip install scipy numpy && python test/golden/drift/generate.py > test/golden/drift/golden.json

Samples are written as distinct values with counts; their p-values come from the raw samples.
"""

import json
import sys

import numpy as np
import scipy
from scipy import special, stats
from scipy.spatial.distance import jensenshannon

rng = np.random.default_rng(20261124)


def compact(sample):
    values, counts = np.unique(sample, return_counts=True)
    return {"values": values.tolist(), "counts": counts.tolist()}


def ks_cases():
    grid = lambda size, levels: rng.integers(0, levels, size).astype(float)
    cases = {
        "identical": (np.arange(50.0), np.arange(50.0)),
        "equal sizes": (rng.normal(size=300), rng.normal(0.2, 1, 300)),
        "equal sizes, far apart": (rng.normal(size=200), rng.normal(1.5, 1, 200)),
        "disjoint": (np.arange(20.0), np.arange(100.0, 130.0)),
        "ties": (grid(400, 7), grid(250, 7)),
        "ties, shifted": (grid(400, 7), grid(250, 7) + 1),
        "atom": (np.r_[np.zeros(180), rng.normal(size=20)], np.r_[np.zeros(70), rng.normal(size=80)]),
        "one value each": (np.array([1.0]), np.array([2.0])),
        "single against many": (np.array([0.3]), rng.random(500)),
        "two against three": (np.array([1.0, 4.0]), np.array([2.0, 3.0, 5.0])),
        "constant against constant": (np.full(100, 0.25), np.full(130, 0.25)),
        "huge": (rng.normal(size=60) * 1e300, rng.normal(size=90) * 1e300),
        "tiny": (rng.normal(size=60) * 1e-310, rng.normal(0.5, 1, 90) * 1e-310),
        "coprime sizes": (rng.normal(size=997).round(3), rng.normal(0.1, 1, 1009).round(3)),
        "window against reference": (rng.normal(size=5000).round(3), rng.normal(0.03, 1, 10000).round(3)),
        "window against reference, no drift": (rng.integers(0, 900, 5000) / 7, rng.integers(0, 900, 10000) / 7),
        "just exact": (rng.normal(size=10000).round(3), rng.normal(0.02, 1, 9999).round(3)),
        "asymptotic": (rng.integers(0, 4000, 12000) / 8, rng.integers(0, 4050, 15000) / 8),
        "asymptotic, far tail": (rng.integers(0, 4000, 12000) / 8, rng.integers(700, 4500, 20000) / 8),
        "ten against a hundred thousand": (rng.integers(2000, 4000, 10) / 8, rng.integers(0, 4000, 100000) / 8),
        "one against two, disjoint": (np.array([3.0]), np.array([1.0, 2.0])),
        "three against four, disjoint": (np.arange(3.0), np.arange(5.0, 9.0)),
        "two against a thousand, disjoint": (np.array([-1.0, -2.0]), np.arange(1000.0)),
        "hundred against a hundred thousand": (rng.integers(300, 4000, 100) / 8, rng.integers(0, 4000, 100000) / 8),
    }
    for name, (current, reference) in cases.items():
        result = stats.ks_2samp(current, reference)
        yield {
            "name": name,
            "current": compact(current),
            "reference": compact(reference),
            "statistic": float(result.statistic),
            "p": float(result.pvalue),
        }


def kolmogorov_cases():
    for n in [1, 2, 5, 10, 40, 100, 140, 141, 500, 3333, 20000, 100000, 250000]:
        for z in [0.3, 0.45, 0.6, 0.8, 1.0, 1.3, 1.48, 1.5, 1.9, 2.2, 3.0, 4.0, 8.0, 20.0]:
            d = z / np.sqrt(n)
            yield {"n": n, "d": d, "p": float(stats.kstwo.sf(d, n))}


def binned_cases():
    cases = {
        "equal": ([10, 20, 30], [20, 40, 60]),
        "shifted": ([500, 300, 200], [350, 320, 330]),
        "disjoint": ([100, 0], [0, 40]),
        "empty bins on one side": ([50, 0, 50, 10], [40, 30, 0, 5]),
        "empty bins on both sides": ([50, 0, 50], [30, 0, 60]),
        "one category": ([100], [40]),
        "below the floor": ([1, 99999, 0], [0, 500, 3]),
        "many": (rng.integers(1, 500, 20).tolist(), rng.integers(1, 500, 20).tolist()),
        "huge counts": ([10**12, 3 * 10**12], [2 * 10**12, 10**12]),
    }
    for name, (reference, current) in cases.items():
        p = np.array(reference, float) / sum(reference)
        q = np.array(current, float) / sum(current)
        floored_p, floored_q = np.maximum(p, 1e-4), np.maximum(q, 1e-4)
        divergence = 0.0 if len(p) == 1 else jensenshannon(p, q) ** 2
        yield {
            "name": name,
            "reference": reference,
            "current": current,
            "js": float(divergence),
            "psi": float(np.sum((floored_q - floored_p) * np.log(floored_q / floored_p))),
        }


def chi_square_cases():
    for degrees in [1, 2, 3, 7.5, 19, 99, 500]:
        for p in [0.999, 0.9, 0.5, 0.1, 0.05, 0.01, 1e-4, 1e-8, 1e-14, 1e-30, 1e-100]:
            x = float(stats.chi2.isf(p, degrees))
            yield {"degrees": degrees, "x": x, "p": float(stats.chi2.sf(x, degrees))}


def hochberg_cases():
    for p in [[0.01], [0.01, 0.02, 0.03, 0.9], [0.5, 0.5, 0.5], [1, 1e-300, 0.04, 0.04], rng.random(40).tolist()]:
        yield {"p": p, "adjusted": stats.false_discovery_control(p).tolist()}


def binomial_cases():
    for n, p in [(1, 0.5), (10, 1e-3), (15, 0.7), (16, 0.7), (1000, 0.31), (100000, 0.5), (100000, 0.999)]:
        for k in sorted({0, 1, n // 3, n // 2, int(n * p), n - 1, n}):
            # SciPy's own pmf (Boost) is the reference here.
            yield {"n": n, "p": p, "k": k, "density": float(stats.binom.pmf(k, n, p))}


def table_cases():
    """Exact permutation p of the Jensen-Shannon divergence on 2 x 2 tables, by summing the hypergeometric distribution."""
    for reference, current in [([30, 4], [12, 8]), ([90, 10], [30, 1]), ([8, 8], [9, 7])]:
        marked, total, drawn = reference[0] + current[0], sum(reference) + sum(current), sum(current)

        def divergence(k):
            p = np.array([marked - k, total - marked - drawn + k], float)
            q = np.array([k, drawn - k], float)
            return jensenshannon(p, q) ** 2

        ks = np.arange(max(0, drawn + marked - total), min(drawn, marked) + 1)
        weights = stats.hypergeom.pmf(ks, total, marked, drawn)
        values = np.array([divergence(k) for k in ks])
        observed = divergence(current[0])
        yield {
            "reference": reference,
            "current": current,
            "p": float(weights[values >= observed * (1 - 1e-12)].sum()),
        }


golden = {
    "versions": {"python": sys.version.split()[0], "scipy": scipy.__version__, "numpy": np.__version__},
    "ks": list(ks_cases()),
    "kolmogorov": list(kolmogorov_cases()),
    "binned": list(binned_cases()),
    "chiSquare": list(chi_square_cases()),
    "hochberg": list(hochberg_cases()),
    "binomial": list(binomial_cases()),
    "permutation": list(table_cases()),
}
json.dump(golden, sys.stdout, separators=(",", ":"))
sys.stdout.write("\n")
