import { everyExpression } from '../support/every-query';

const OF = '{model="churn",version="2"}';

test('the app asks exactly these questions', () => {
  expect(everyExpression({ model: 'churn', version: '2' }, '1h').sort()).toEqual(
    [
      'max by (model, version) (last_over_time(ml_model_info[1h]))',
      'ml:accuracy:1h',
      'ml:f1_weighted:1h',
      'ml:labeled:1h',
      'ml:predictions:1h',
      'sum by (model, version) (max by (model, version, feature) (ml:feature_drifted:1h))',
      'count by (model, version) (max by (model, version, feature) (ml:feature_drifted:1h))',
      'count by (model, version) (max by (model, version, feature) (ml_feature_reference_size))',
      `ml:accuracy:1h${OF}`,
      `ml:f1_weighted:1h${OF}`,
      `ml:f1:1h${OF}`,
      `ml:labeled:1h${OF}`,
      `ml:predictions:1h${OF}`,
      `ml:prediction_share:1h${OF}`,
      `ml:prediction_shift:1h${OF}`,
      `ml:prediction_shift_null:1h${OF}`,
      `label_replace(ml:feature_ks:1h${OF}, "statistic", "ks", "", "") or ignoring (statistic) label_replace(ml:feature_js:1h${OF}, "statistic", "js", "", "")`,
      `ml:feature_ks_null:1h${OF} or ml:feature_js_null:1h${OF}`,
      `max by (model, version) (ml:feature_ks_null:1h${OF} or ml:feature_js_null:1h${OF})`,
      `ml:feature_drifted:1h${OF}`,
      `ml:feature_count:1h${OF}`,
      `max by (model, version, reference, feature) (ml_feature_reference_size${OF})`,
      `sum by (status) (increase(ml_labels_total${OF}[1h]))`,
      `sum by (model, version) (ml_predictions_pending${OF})`,
    ].sort(),
  );
});
