"""Golden vectors for the patterns of feedback, from SciPy and statsmodels.

    pip install scipy statsmodels && python test/golden/feedback/generate.py > test/golden/feedback/golden.json

A table is [rows of the group, errors among them, rows of all, errors among them].
"""

import json
import sys

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.multitest import multipletests

rng = np.random.default_rng(20261125)


def fisher(n, errors, all_n, all_errors):
    outside = [all_errors - errors, all_n - all_errors - (n - errors)]
    return float(stats.fisher_exact([[errors, n - errors], outside], alternative="greater").pvalue)


def tables():
    awkward = [
        (10, 0, 100, 20),
        (10, 10, 100, 10),
        (10, 10, 100, 20),
        (90, 20, 100, 20),
        (100, 20, 100, 20),
        (1, 1, 2, 1),
        (50, 1, 100, 1),
        (95, 90, 100, 95),
        (95, 91, 100, 95),
        (60, 60, 300, 60),
        (20, 9, 40, 15),
        (5_000, 600, 20_000, 2_000),
        (5_000, 500, 20_000, 2_000),
        (10_000, 1_400, 20_000, 2_000),
        (12, 3, 20_000, 40),
        (19_990, 9_995, 20_000, 10_000),
    ]
    drawn = []
    for _ in range(60):
        all_n = int(rng.integers(30, 20_000))
        all_errors = int(rng.integers(1, all_n))
        n = int(rng.integers(1, all_n))
        likely = rng.hypergeometric(all_errors, all_n - all_errors, n) + rng.integers(-3, 8)
        errors = int(np.clip(likely, max(0, n - (all_n - all_errors)), min(n, all_errors)))
        drawn.append((n, errors, all_n, all_errors))
    return awkward + drawn


def report():
    """A feature of five ranges, two segments and a word over the same rows: p-values and their adjustment."""
    groups = [(60, 31), (60, 12), (60, 9), (60, 10), (60, 8), (150, 46), (150, 24)]
    p_values = [fisher(n, errors, 300, 70) for n, errors in groups]
    adjusted = multipletests(p_values, method="fdr_bh")[1]
    return {"n": 300, "errors": 70, "groups": groups, "p_values": p_values, "adjusted": adjusted.tolist()}


json.dump(
    {
        "versions": {"python": sys.version.split()[0], "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
        "fisher": [{"table": table, "p": fisher(*table)} for table in tables()],
        "report": report(),
    },
    sys.stdout,
    indent=1,
)
