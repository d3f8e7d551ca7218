import { t } from '@grafana/i18n';
import { MINIMUM_PREDICTIONS, PREDICTION_SHIFT_LIMIT } from '../limits';
import { predictionShift } from '../queries/prediction-shift';
import { predictionShiftNull } from '../queries/prediction-shift-null';
import { rangeQuery } from '../queries/prom-query';
import type { ModelVersion } from '../queries/promql';
import type { TimeSeriesSpec } from './panel-spec';

/** The largest change of a class share, beside what chance alone reaches. */
export function predictionShiftPanel(target: ModelVersion): TimeSeriesSpec {
  return {
    key: 'prediction-shift',
    visualization: 'timeseries',
    title: t('panels.prediction-shift.title', 'Shift of predicted classes'),
    description: t(
      'panels.prediction-shift.description',
      'Largest change of a class share against the window before. It counts when it is above {{limit}} and above what chance alone reaches (grey). Both windows need {{minimum}} predictions.',
      { limit: PREDICTION_SHIFT_LIMIT.value, minimum: MINIMUM_PREDICTIONS }
    ),
    whenEmpty: t('panels.prediction-shift.empty', 'Needs two full windows with {{minimum}} predictions each', {
      minimum: MINIMUM_PREDICTIONS,
    }),
    unit: 'percentunit',
    min: 0,
    limit: PREDICTION_SHIFT_LIMIT,
    comparison: 'chance',
    queries: [
      rangeQuery('shift', predictionShift(target), t('panels.prediction-shift.legend', 'largest change')),
      rangeQuery('chance', predictionShiftNull(target), t('panels.prediction-shift.chance', 'chance alone')),
    ],
  };
}
