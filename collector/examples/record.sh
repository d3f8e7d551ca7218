curl -sf "$PLUMBLINE_URL/v1/predictions" -H "Authorization: Bearer $PLUMBLINE_TOKEN" -H 'Content-Type: application/json' \
  -d '{"model": "churn", "version": "3", "id": "curl-1", "prediction": "stays", "score": 0.2, "features": {"age": 41}}'
curl -sf "$PLUMBLINE_URL/v1/labels" -H "Authorization: Bearer $PLUMBLINE_TOKEN" -H 'Content-Type: application/json' \
  -d '{"model": "churn", "id": "curl-1", "label": "stays"}'
curl -sf "$PLUMBLINE_URL/v1/models/churn/performance?version=3" -H "Authorization: Bearer $PLUMBLINE_TOKEN"
