"""Golden values of the informing drift statistics, from SciPy and NumPy.

    python generate.py > distances.json

Needs numpy and scipy (versions used are in the file).
"""

import json
import math
import sys
from fractions import Fraction

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(20261125)


def compact(sample):
    values, counts = np.unique(sample, return_counts=True)
    return {"values": values.tolist(), "counts": counts.tolist()}


def samples():
    grid = lambda size, levels: rng.integers(0, levels, size).astype(float)
    return {
        "identical": (np.arange(50.0), np.arange(50.0)),
        "shifted": (rng.normal(0.2, 1, 300).round(3), rng.normal(size=500).round(3)),
        "disjoint": (np.arange(20.0), np.arange(100.0, 130.0)),
        "ties": (grid(400, 7), grid(250, 7)),
        "atom": (np.r_[np.zeros(180), rng.normal(size=20)], np.r_[np.zeros(70), rng.normal(size=80)]),
        "one value each": (np.array([1.0]), np.array([2.0])),
        "single against many": (np.array([0.3]), rng.random(500).round(4)),
        "constant against constant": (np.full(100, 0.25), np.full(130, 0.25)),
        "boolean": (np.repeat([0.0, 1.0], [300, 200]), np.repeat([0.0, 1.0], [700, 300])),
        "huge": (rng.normal(size=60) * 1e300, rng.normal(size=90) * 1e300),
        "tiny": (rng.normal(size=60) * 1e-300, rng.normal(0.5, 1, 90) * 1e-300),
        "heavy tails": (rng.pareto(1.5, 400).round(3), rng.pareto(1.5, 600).round(3)),
        "ten against a hundred thousand": (rng.integers(2000, 4000, 10) / 8, rng.integers(0, 4000, 100000) / 8),
        "window against reference": (rng.integers(0, 900, 5000) / 7, rng.integers(0, 930, 10000) / 7),
    }


def sample_cases():
    for name, (current, reference) in samples().items():
        # SciPy's variance overflows at 1e300: the deviation of the sample in units of its largest value, times that value.
        scale = float(np.abs(reference).max()) or 1.0
        constant = len(np.unique(np.r_[current, reference])) == 1
        whitney = stats.mannwhitneyu(current, reference, use_continuity=False, method="asymptotic")
        n, m = len(current), len(reference)
        yield {
            "name": name,
            "current": compact(current),
            "reference": compact(reference),
            "wasserstein": float(stats.wasserstein_distance(current, reference)),
            "deviation": float(np.std(reference / scale) * scale),
            "superiority": float(2 * whitney.statistic / (n * m) - 1),
            "superiorityP": 1.0 if constant else float(whitney.pvalue),
        }


def binned_cases():
    cases = {
        "equal": ([100, 200, 300], [200, 400, 600]),
        "shifted": ([500, 300, 200], [350, 320, 330]),
        "boolean": ([700, 300], [300, 200]),
        "empty bins on both sides": ([50, 0, 50], [30, 0, 60]),
        "many": (rng.integers(50, 500, 20).tolist(), rng.integers(50, 500, 20).tolist()),
        "fifty": (rng.integers(100, 120, 50).tolist(), rng.integers(100, 130, 50).tolist()),
        "disjoint": ([100, 0], [0, 40]),
        "huge counts": ([10**9, 3 * 10**9], [2 * 10**9, 10**9]),
    }
    for name, (reference, current) in cases.items():
        table = np.array([reference, current], float)
        table = table[:, table.sum(axis=0) > 0]
        chi2 = stats.chi2_contingency(table, correction=False)
        p, q = (row / row.sum() for row in np.array([reference, current], float))
        pooled = table.sum(axis=0) / table.sum()
        sd = np.sqrt(pooled * (1 - pooled) * (1 / table[0].sum() + 1 / table[1].sum()))
        linf = float(np.abs(p - q).max())
        terms = 2 * stats.norm.sf(linf / sd)
        yield {
            "name": name,
            "reference": reference,
            "current": current,
            "chi2": float(chi2.statistic),
            "chi2P": float(chi2.pvalue),
            "hellinger": float(np.sqrt(0.5 * np.sum((np.sqrt(p) - np.sqrt(q)) ** 2))),
            "linf": linf,
            "linfP": float(min(1, terms[0] if len(terms) == 2 else terms.sum())),
        }


def permutation_cases():
    """Permutation p of the Wasserstein distance by SciPy's own resampling."""
    pairs = {
        "normal": (rng.normal(0.25, 1, 100), rng.normal(size=150)),
        "exponential": (rng.exponential(1.2, 120), rng.exponential(1, 200)),
        "no drift": (rng.normal(size=110), rng.normal(size=130)),
        "grid": (rng.integers(0, 5, 150).astype(float), rng.integers(0, 5, 160) + 0.2),
    }
    for name, (current, reference) in pairs.items():
        result = stats.permutation_test(
            (current, reference),
            lambda a, b: stats.wasserstein_distance(a, b),
            permutation_type="independent",
            n_resamples=19_999,
            alternative="greater",
            rng=np.random.default_rng(1),
        )
        yield {
            "name": name,
            "current": compact(current),
            "reference": compact(reference),
            "p": float(result.pvalue),
        }


def series_cases():
    """Lag-1 autocorrelation by definition: covariance of neighbours over the variance, both about the mean."""
    walk = np.empty(400)
    walk[0] = 0
    for step in range(1, 400):
        walk[step] = 0.8 * walk[step - 1] + rng.normal()
    cases = {
        "independent": rng.normal(size=300).round(4),
        "autoregressive 0.8": walk.round(4),
        "alternating": np.tile([0.0, 1.0], 50),
        "far from zero": 1e9 + rng.normal(size=200).round(4),
        "two": np.array([1.0, 2.0]),
    }
    for name, series in cases.items():
        centred = series - series.mean()
        yield {
            "name": name,
            "series": series.tolist(),
            "lag1": float(np.dot(centred[1:], centred[:-1]) / np.dot(centred, centred)),
        }


def beta_binomial(ks, shape, n, m):
    """Probability of any of ks in whole numbers: SciPy's betabinom.sf is 1 - cdf, which keeps no digit of a small tail."""
    ways = sum(math.comb(k + shape - 1, k) * math.comb(n - k + m - shape, n - k) for k in ks)
    return Fraction(ways, math.comb(n + m, n))


def quantile_linf_cases():
    """Union bound of the beta-binomial tails where the bins are quantiles of the reference."""
    cases = [
        ([20] * 50, [20] * 48 + [4, 36]),
        ([20] * 50, [20] * 46 + [5, 5, 5, 65]),
        ([50] * 20, [70] + [50] * 18 + [30]),
        ([50] * 20, [10] + [50] * 18 + [90]),
        ([50] * 20, [130] + [46] * 18 + [42]),
        ([500] * 20, [250] * 18 + [210, 290]),
        ([1] * 50, [1] * 45 + [0, 0, 0, 0, 5]),
        ([1] * 50, [0] * 30 + [1] * 10 + [0] * 9 + [40]),
        ([0, 300, 200], [4, 250, 150]),
        ([0, 300, 200], [0, 100, 150]),
        ([2000] * 5, [10] * 4 + [11]),
    ]
    for reference, current in cases:
        m, n = sum(reference), sum(current)
        value = max(abs(k / n - r / m) for k, r in zip(current, reference))
        total = Fraction(0)
        for index, rows in enumerate(reference):
            shape = rows + 1 if index == len(reference) - 1 else max(1, rows)
            least = int(np.ceil(n * (rows / m + value) - 1e-9))
            most = int(np.floor(n * (rows / m - value) + 1e-9))
            total += 1 if least <= most else beta_binomial([*range(least, n + 1), *range(most + 1)], shape, n, m)
        yield {"reference": reference, "current": current, "p": float(min(1, total))}


json.dump(
    {
        "versions": {"python": sys.version.split()[0], "scipy": scipy.__version__, "numpy": np.__version__},
        "samples": list(sample_cases()),
        "binned": list(binned_cases()),
        "permutation": list(permutation_cases()),
        "series": list(series_cases()),
        "quantileLinf": list(quantile_linf_cases()),
    },
    sys.stdout,
    separators=(",", ":"),
)
sys.stdout.write("\n")
