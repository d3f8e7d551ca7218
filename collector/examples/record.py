import json
import os
import urllib.request

COLLECTOR = os.environ.get("PLUMBLINE_URL", "http://127.0.0.1:8080")
TOKEN = os.environ.get("PLUMBLINE_TOKEN")


def post(path, rows):
    """Sends rows; the answer says how many were taken and which were not, and why. It comes when they are durable."""
    headers = {"Content-Type": "application/json"}
    if TOKEN:
        headers["Authorization"] = f"Bearer {TOKEN}"
    request = urllib.request.Request(COLLECTOR + path, json.dumps(rows).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


predictions = [
    {"model": "churn", "version": "3", "id": "python-1", "prediction": "stays", "score": 0.2, "features": {"age": 41}},
    {"model": "churn", "version": "3", "id": "python-2", "prediction": "leaves", "score": 0.9, "features": {"age": 23}},
]
print(post("/v1/predictions", predictions))
# Minutes or weeks later. Sending the same rows again, after a failure, does not count them twice.
print(post("/v1/labels", [{"model": "churn", "id": "python-1", "label": "leaves"}]))
