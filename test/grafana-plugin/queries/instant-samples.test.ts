import { FieldType, toDataFrame } from '@grafana/data';
import { instantSamples } from '../../../grafana-plugin/src/queries/instant-samples';

const table = toDataFrame({
  refId: 'accuracy',
  fields: [
    { name: 'Time', type: FieldType.time, values: [1, 1, 1] },
    { name: 'model', type: FieldType.string, values: ['a', 'b', 'c'] },
    { name: 'Value #accuracy', type: FieldType.number, values: [0.9, NaN, null] },
  ],
});

const perSeries = toDataFrame({
  refId: 'f1',
  fields: [
    { name: 'Time', type: FieldType.time, values: [1] },
    { name: 'Value', type: FieldType.number, values: [0.8], labels: { model: 'a' } },
  ],
});

describe('instantSamples', () => {
  it('reads labels from the columns of a table and leaves out what is no number', () => {
    expect(instantSamples([table, perSeries], 'accuracy')).toEqual([{ labels: { model: 'a' }, value: 0.9 }]);
  });

  it('reads labels from the value of a frame per series', () => {
    expect(instantSamples([table, perSeries], 'f1')).toEqual([{ labels: { model: 'a' }, value: 0.8 }]);
  });

  it('finds nothing under a refId nobody answered', () => {
    expect(instantSamples([table], 'drifted')).toEqual([]);
  });
});
