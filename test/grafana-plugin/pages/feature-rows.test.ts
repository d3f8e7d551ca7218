import { type DataFrame, FieldType, toDataFrame } from '@grafana/data';
import { featureRows } from '../../../grafana-plugin/src/pages/model/feature-rows';

function frame(refId: string, values: Record<string, number>, statistic?: string): DataFrame {
  const features = Object.keys(values);
  return toDataFrame({
    refId,
    fields: [
      { name: 'feature', type: FieldType.string, values: features },
      { name: 'reference', type: FieldType.string, values: features.map(() => 'abc') },
      ...(statistic ? [{ name: 'statistic', type: FieldType.string, values: features.map(() => statistic) }] : []),
      { name: 'Value', type: FieldType.number, values: Object.values(values) },
    ],
  });
}

test('drifted features come first, then the highest statistic; one without a verdict comes last', () => {
  const rows = featureRows([
    frame('reference', { age: 5000, city: 5000, pay: 5000, zip: 5000 }),
    frame('value', { age: 0.01, city: 0.2, pay: 0.4 }, 'ks'),
    frame('chance', { age: 0.04, city: 0.04, pay: 0.5 }),
    frame('drifted', { age: 0, city: 1, pay: 0 }),
    frame('rows', { age: 900, city: 900, pay: 900, zip: 12 }),
  ]);
  expect(rows.map(({ feature }) => feature)).toEqual(['city', 'pay', 'age', 'zip']);
  expect(rows[0]).toEqual({
    feature: 'city',
    reference: 'abc',
    statistic: 'ks',
    value: 0.2,
    chance: 0.04,
    drifted: true,
    rows: 900,
  });
  expect(rows[3]).toEqual({ feature: 'zip', reference: 'abc', rows: 12 });
});
