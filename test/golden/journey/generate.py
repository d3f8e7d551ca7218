"""What scikit-learn says of the demo's joined rows (read from standard input, see export.ts)."""

import csv
import hashlib
import io
import json
import sys

import sklearn
from sklearn.metrics import accuracy_score, brier_score_loss, f1_score, log_loss, precision_score, recall_score, roc_auc_score

text = sys.stdin.read()
rows = list(csv.DictReader(io.StringIO(text)))
actual = [row["actual"] for row in rows]
predicted = [row["predicted"] for row in rows]
scores = [float(row["score"]) for row in rows]
positive = [int(label) for label in actual]
weighted = {"average": "weighted", "zero_division": 0}
# Saying the previous label again: the label before the first replayed row is that of the last training row.
previous_right = sum(a == b for a, b in zip(actual[1:], actual))
json.dump(
    {
        "versions": {"python": sys.version.split()[0], "scikit-learn": sklearn.__version__},
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "rows": len(rows),
        "accuracy": accuracy_score(actual, predicted),
        "precision_weighted": precision_score(actual, predicted, **weighted),
        "recall_weighted": recall_score(actual, predicted, **weighted),
        "f1_weighted": f1_score(actual, predicted, **weighted),
        "f1": dict(zip(["0", "1"], f1_score(actual, predicted, average=None, labels=["0", "1"]).tolist())),
        "brier": brier_score_loss(positive, scores),
        "log_loss": log_loss(positive, scores),
        "roc_auc": roc_auc_score(positive, scores),
        "previous_label_accuracy_but_first": previous_right / (len(rows) - 1),
    },
    sys.stdout,
    indent=2,
)
sys.stdout.write("\n")
