"""Writes assignment.json and statistics.json.

assignment.json is the contract for other languages: hash (scikit-learn's murmurhash3_32), buckets, and allocations, made here by
an array of 10,000 owners and exact fractions, so that nothing is shared with the code it checks. statistics.json has boundaries by
integrating the mixture that defines them, sample-ratio evidence by SciPy's Dirichlet-multinomial, paired tests by statsmodels and
SciPy, Tango's interval with its nuisance parameter maximised numerically, and P(best) by adaptive quadrature.
Run: python generate.py   (needs numpy, scipy, scikit-learn, statsmodels)
"""

import json
from fractions import Fraction
from pathlib import Path

import numpy
import scipy
import sklearn
import statsmodels
from scipy import integrate, optimize, special, stats
from sklearn.utils import murmurhash3_32
from statsmodels.stats.contingency_tables import mcnemar

BUCKETS = 10_000


def hash_of(text):
    return int(murmurhash3_32(text.encode("utf-8"), seed=0, positive=True))


def bucket_of(key, salt):
    return hash_of(salt + ":" + key) * BUCKETS // 2**32


def texts():
    yield from ["", "a", "ab", "abc", "abcd", "abcde", "hello", "hello, world", "0", " ", "\x00", "\n", "\x7f", "\u0080", "\u07ff"]
    yield from ["é", "ÿ", "日本語", "€", "\uffff", "😀", "a😀b", "naïve café", "İstanbul", "\U0010ffff", "e\u0301", "x" * 1000]
    yield from ["user-%d" % n for n in (1, 2, 3, 10, 99, 12345678901)]
    yield from ["3f2504e0-4f89-11d3-9a0c-0305e82c3301", "ada@example.org", "The quick brown fox jumps over the lazy dog"]


def pairs():
    salts = ["", "s", "checkout", "2026-11-25", "ümlaut", "a:b", "😀", "abc", "abcd", "abcde"]
    keys = ["", "1", "user-1", "user-2", "42", "日本", "b:c", "😀", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "Ωmega-7"]
    return [(salt, key) for salt in salts for key in keys]


def targets_of(weights, held):
    total = sum(Fraction(w) for w in weights.values())
    exact = {v: Fraction(w) * BUCKETS / total for v, w in sorted(weights.items())}
    whole = {v: int(e) for v, e in exact.items()}
    order = sorted(exact, key=lambda v: (-(exact[v] - whole[v]), not held.count(v) > whole[v], v))
    for version in [v for v in order if Fraction(weights[v]) > 0][: BUCKETS - sum(whole.values())]:
        whole[version] += 1
    return whole


def owners_after(weights, owners):
    targets = targets_of(weights, owners)
    left = list(owners)
    for version in set(owners) - {None}:
        mine = [b for b, owner in enumerate(owners) if owner == version]
        for bucket in mine[targets.get(version, 0) :]:
            left[bucket] = None
    for version in sorted(targets):
        for _ in range(targets[version] - left.count(version)):
            left[left.index(None)] = version
    return left


def ranges_of(owners):
    ranges = []
    for bucket, owner in enumerate(owners):
        if ranges and ranges[-1]["version"] == owner:
            ranges[-1]["end"] = bucket + 1
        else:
            ranges.append({"version": owner, "start": bucket, "end": bucket + 1})
    return ranges


def allocation_case(name, *steps):
    owners = [None] * BUCKETS
    out = []
    for weights in steps:
        before = owners
        owners = owners_after(weights, owners)
        moved = sum(a is not None and a != b for a, b in zip(before, owners))
        shares = [{"version": v, "weight": float(w)} for v, w in weights.items()]
        out.append({"shares": shares, "ranges": ranges_of(owners), "moved": moved})
    return {"name": name, "steps": out}


def allocation_cases():
    yield allocation_case("one version", {"1": 1})
    yield allocation_case("even", {"1": 1, "2": 1})
    yield allocation_case("thirds", {"1": 1, "2": 1, "3": 1})
    yield allocation_case("sevenths, given in another order", {"c": 3, "b": 2, "a": 2})
    yield allocation_case("a ramp", {"1": 99, "2": 1}, {"1": 95, "2": 5}, {"1": 80, "2": 20}, {"1": 50, "2": 50}, {"1": 0, "2": 100})
    yield allocation_case("up and down again", {"1": 90, "2": 10}, {"1": 50, "2": 50}, {"1": 90, "2": 10}, {"1": 60, "2": 40})
    yield allocation_case("an arm stopped", {"1": 40, "2": 30, "3": 30}, {"1": 40, "2": 0, "3": 30}, {"1": 40, "3": 30})
    yield allocation_case("an arm added", {"1": 1, "2": 1}, {"1": 1, "2": 1, "3": 1}, {"1": 2, "2": 1, "3": 1})
    yield allocation_case("ties go to who holds more", {"b": 2, "a": 1}, {"b": 1, "a": 1, "c": 1})
    yield allocation_case("less than half a bucket", {"1": 1, "2": 0.00001})
    yield allocation_case("fractions", {"1": 0.125, "2": 0.375, "3": 0.5}, {"1": 0.25, "2": 0.25, "3": 0.5})


def log_mixture(s, v, rho):
    """ln of the mean of exp(λs - ψ(λ)v) over the gamma distribution of 1 - λ, truncated to [0, 1), with shape and rate rho."""

    def exponent(u):
        return (1 - u) * s - v * (-numpy.log(u) - (1 - u)) + stats.gamma.logpdf(u, rho, scale=1 / rho)

    best = optimize.minimize_scalar(lambda u: -exponent(u), bounds=(1e-9, 1), method="bounded", options={"xatol": 1e-12}).x
    top = exponent(best)
    points = sorted({min(1, max(1e-12, best + k * 0.5 / numpy.sqrt(v + rho))) for k in (-8, -2, 0, 2, 8)})
    mass = integrate.quad(lambda u: numpy.exp(exponent(u) - top), 0, 1, points=points, epsabs=0, epsrel=1e-11, limit=500)[0]
    return top + numpy.log(mass) - numpy.log(stats.gamma.cdf(1, rho, scale=1 / rho))


def boundary_cases():
    for v in [0.0, 0.5, 3.0, 40.0, 255.0, 1800.0, 20000.0]:
        for alpha in [0.025, 0.0005]:
            top = 20 + 8 * numpy.sqrt(2 * (v + 20) * -numpy.log(alpha))
            root = optimize.brentq(lambda s: log_mixture(s, v, 20) + numpy.log(alpha), 1e-3, top, xtol=1e-9)
            yield {"v": v, "alpha": alpha, "boundary": root}


def ratio_case(name, epochs):
    seen = numpy.zeros(len(epochs[0][0]))
    awaited = numpy.zeros_like(seen)
    log_evidence = 0.0
    for shares, keys in epochs:
        shares, keys = numpy.array(shares), numpy.array(keys)
        used = shares > 0
        belief = shares[used] * (1000 * shares[used] + seen[used]) / (1000 * shares[used] + awaited[used])
        belief *= (1000 + seen.sum()) / belief.sum()
        n = int(keys.sum())
        log_evidence += stats.dirichlet_multinomial.logpmf(keys[used], belief, n) - stats.multinomial.logpmf(keys[used], n, shares[used])
        seen += keys
        awaited += n * shares
    return {"name": name, "epochs": [{"expected": list(s), "keys": list(k)} for s, k in epochs], "log_evidence": float(log_evidence)}


def ratio_cases():
    yield ratio_case("as expected", [([0.5, 0.5], [5021, 4979])])
    yield ratio_case("two per cent lost", [([0.5, 0.5], [50000, 49000])])
    yield ratio_case("a ramp with a fault that lasts", [([0.9, 0.1], [9000, 900]), ([0.5, 0.5], [5000, 4500]), ([0.2, 0.8], [2000, 7200])])
    yield ratio_case("three arms, one stopped", [([0.5, 0.25, 0.25], [510, 240, 250]), ([0.75, 0.25, 0.0], [760, 240, 0])])
    yield ratio_case("nobody yet", [([0.5, 0.5], [0, 0])])


def tango(only_a, only_b, n):
    """The interval of p10 - p01, the constrained likelihood maximised numerically."""

    def score(delta):
        def loss(q):
            rest = n - only_a - only_b
            return -(special.xlogy(only_a, q + delta) + special.xlogy(only_b, q) + special.xlogy(rest, 1 - 2 * q - delta))

        low, high = max(0.0, -delta), (1 - delta) / 2
        q = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-13}).x
        return (only_a - only_b - n * delta) / numpy.sqrt(n * (2 * q + delta - delta**2))

    z = stats.norm.ppf(0.975)
    value = (only_a - only_b) / n
    edge = 1 - 1e-7
    low = -1.0 if only_b == n else optimize.brentq(lambda d: score(d) - z, -edge, min(value, edge), xtol=1e-12)
    high = 1.0 if only_a == n else optimize.brentq(lambda d: score(d) + z, max(value, -edge), edge, xtol=1e-12)
    return low, high


def paired_cases():
    tables = [(43, 7, 2, 48), (10, 0, 0, 5), (0, 5, 5, 0), (100, 1, 9, 3), (5, 6, 0, 1), (900, 60, 40, 100), (0, 3, 0, 0), (0, 0, 4, 0)]
    for both, only_a, only_b, neither in tables + [(90000, 5200, 4800, 10000)]:
        table = [[both, only_a], [only_b, neither]]
        k, m = min(only_a, only_b), only_a + only_b
        n = both + only_a + only_b + neither
        p = 1.0 if m == 0 else float(mcnemar(table, exact=True).pvalue)
        mid = 1.0 if m == 0 else min(1.0, float(2 * stats.binom.cdf(k, m, 0.5) - stats.binom.pmf(k, m, 0.5)))
        low, high = (None, None) if m == 0 else tango(only_a, only_b, n)
        yield {"counts": [both, only_a, only_b, neither], "p": p, "mid_p": mid, "low": low, "high": high}


def error_cases(rng):
    for name, a, b in [
        ("two rows", [1.0, 2.0], [0.5, 3.5]),
        ("gamma", rng.gamma(2, 1, 60), rng.gamma(2, 1.2, 60)),
        ("clearly better", rng.gamma(2, 1, 200), rng.gamma(2, 1, 200) + 0.8),
        ("huge", rng.gamma(2, 1e8, 30), rng.gamma(2, 1e8, 30)),
    ]:
        test = stats.ttest_rel(a, b)
        interval = test.confidence_interval(0.95)
        yield {
            "name": name,
            "a": list(map(float, a)),
            "b": list(map(float, b)),
            "value": float(numpy.mean(numpy.array(a) - numpy.array(b))),
            "p": float(test.pvalue),
            "low": float(interval.low),
            "high": float(interval.high),
        }


def best_case(name, beliefs, largest=True):
    def law(belief):
        if belief["kind"] == "share":
            return stats.beta(belief["successes"] + 0.5, belief["failures"] + 0.5)
        return stats.norm(belief["mean"], numpy.sqrt(belief["variance"]))

    laws = [law(belief) for belief in beliefs]

    def chance(own):
        others = [other for other in laws if other is not own]
        beaten = lambda x: numpy.prod([o.cdf(x) if largest else o.sf(x) for o in others])
        points = sorted(q for each in laws for q in each.ppf([1e-12, 0.01, 0.5, 0.99, 1 - 1e-12]) if numpy.isfinite(q))
        parts = zip(points, points[1:])
        return sum(integrate.quad(lambda x: own.pdf(x) * beaten(x), a, b, epsabs=1e-10, limit=200)[0] for a, b in parts if b > a)

    return {"name": name, "beliefs": beliefs, "largest": largest, "best": [chance(own) for own in laws]}


def best_cases():
    share = lambda successes, failures: {"kind": "share", "successes": successes, "failures": failures}
    normal = lambda mean, variance: {"kind": "normal", "mean": mean, "variance": variance}
    yield best_case("equal", [share(80, 20), share(80, 20)])
    yield best_case("nothing known of one", [share(80, 20), share(0, 0)])
    yield best_case("three", [share(840, 160), share(430, 70), share(88.5, 11.5)])
    yield best_case("many trials", [share(85000, 15000), share(8550, 1450)])
    yield best_case("many successes, few failures", [share(99000, 1000), share(9910, 90)])
    yield best_case("errors", [normal(3.1, 0.01), normal(3.0, 0.04), normal(2.9, 0.25)], largest=False)


if __name__ == "__main__":
    here = Path(__file__).parent
    assignment = {
        "versions": {"scikit-learn": sklearn.__version__},
        "hash": [{"text": text, "hash": hash_of(text)} for text in texts()],
        "buckets": [{"salt": salt, "key": key, "bucket": bucket_of(key, salt)} for salt, key in pairs()],
        "allocations": list(allocation_cases()),
    }
    statistics = {
        "versions": {"numpy": numpy.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
        "boundaries": list(boundary_cases()),
        "sample_ratio": list(ratio_cases()),
        "paired": list(paired_cases()),
        "paired_errors": list(error_cases(numpy.random.default_rng(20261125))),
        "best": list(best_cases()),
    }
    for name, content in [("assignment", assignment), ("statistics", statistics)]:
        (here / f"{name}.json").write_text(json.dumps(content) + "\n")
