import { type DataFrame, FieldType, type Labels, toDataFrame } from '@grafana/data';
import { modelQueries, modelRows } from '../../../grafana-plugin/src/pages/models/model-rows';

function frame(refId: string, samples: Array<[Labels, number]>): DataFrame {
  const names = [...new Set(samples.flatMap(([labels]) => Object.keys(labels)))];
  return toDataFrame({
    refId,
    fields: [
      ...names.map((name) => ({ name, type: FieldType.string, values: samples.map(([labels]) => labels[name]) })),
      { name: 'Value', type: FieldType.number, values: samples.map(([, value]) => value) },
    ],
  });
}

describe('modelRows', () => {
  it('joins the answers by model and version, newest version first', () => {
    const rows = modelRows([
      frame('known', [
        [{ model: 'b', version: '9' }, 1],
        [{ model: 'b', version: '10' }, 1],
        [{ model: 'a', version: '1' }, 1],
      ]),
      frame('accuracy', [[{ model: 'b', version: '10' }, 0.9]]),
      frame('predictions', [[{ model: 'b', version: '9' }, 12]]),
    ]);
    expect(rows).toEqual([
      { model: 'a', version: '1' },
      { model: 'b', version: '10', accuracy: 0.9 },
      { model: 'b', version: '9', predictions: 12 },
    ]);
  });

  it('lists a model that only predictions know, and keeps a value of zero', () => {
    expect(modelRows([frame('predictions', [[{ model: 'a', version: '1' }, 0]])])).toEqual([
      { model: 'a', version: '1', predictions: 0 },
    ]);
  });

  it('does not confuse names that look alike when joined', () => {
    const rows = modelRows([
      frame('known', [
        [{ model: 'a","b', version: '1' }, 1],
        [{ model: 'a', version: 'b","1' }, 1],
      ]),
    ]);
    expect(rows).toHaveLength(2);
  });

  it('reads under the refIds its queries run under', () => {
    const answers = modelQueries().map(({ refId }) => frame(refId, [[{ model: 'a', version: '1' }, 3]]));
    expect(modelRows(answers)).toEqual([
      {
        model: 'a',
        version: '1',
        accuracy: 3,
        f1Weighted: 3,
        labeled: 3,
        predictions: 3,
        driftedFeatures: 3,
        judgedFeatures: 3,
        referenceFeatures: 3,
      },
    ]);
  });
});
