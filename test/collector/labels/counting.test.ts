/** The service counts what an embedded monitor counts that sees the same predictions and labels. */
import { profileReference } from '../../../collector/src/distribution/profile.ts';
import { METRICS } from '../../../collector/src/telemetry/names.ts';
import { TestCore } from '../support/core.ts';
import { useEngines } from '../../support/engines.ts';
import { declare, Replica, SECOND, START } from './support/replica.ts';

const engines = useEngines();

const rows = Array.from({ length: 300 }, (_, index) => ({
  id: `p${index}`,
  prediction: ['a', 'b', 'c'][(index * 7) % 3] as string,
  scores: probabilities(index),
  features: { age: (index * 13) % 40, plan: ['basic', 'gold'][index % 2] as string },
  durationSeconds: (index % 10) / 100,
  segment: ['north', 'south', 'nowhere'][index % 3] as string,
}));
const labels = rows.slice(0, 250).map(({ id }, index) => ({ id, label: ['a', 'b', 'c'][(index * 5) % 3] as string }));
const reference = profileReference(
  rows.map(({ features }) => ({ ...features, age: features.age + 3 })),
  { predictions: rows.map(({ prediction }) => prediction) },
);

function probabilities(index: number): Record<string, number> {
  const a = (index % 50) / 100;
  return { a, b: 0.3, c: 0.7 - a };
}

/** Series of monitors that have nothing to do with predictions: what they hold, and what only one that judges windows shows. */
const OWN = [METRICS.seriesUsed.name, METRICS.seriesLimit.name, METRICS.pending.name, METRICS.info.name] as string[];

test.each([
  ['classes', { classes: ['a', 'b', 'c'], segments: ['north', 'south'] }],
  ['a positive class', { classes: ['a', 'b', 'c'], positiveClass: 'a' }],
  ['nothing declared', {}],
])('the same counters with %s', async (_, declaration) => {
  const database = await engines.database('sqlite');
  await declare(database, { ...declaration, reference });
  const replica = new Replica(database);
  const embedded = new TestCore({ model: 'churn', version: '1', ...declaration, reference, capacity: 1_000 });
  for (const row of rows) embedded.core.recordPrediction({ ...row, timestamp: START });
  embedded.now = replica.now = START + 90 * SECOND;
  const given = { model: 'churn', version: '1', timestamp: START };
  await replica.service.predictions(rows.map((row) => ({ ...given, ...row })));
  const corrected = labels.slice(0, 40).map(({ id }) => ({ id, label: 'b' }));
  const late = START + 8 * 86_400_000;
  const sent = [...labels, ...corrected, ...labels.slice(100, 120), { id: 'nobody', label: 'a' }];
  for (const { id, label } of sent) embedded.core.recordLabel(id, label);
  await replica.service.labels(sent.map((label) => ({ model: 'churn', ...label })));
  embedded.now = replica.now = late;
  embedded.core.recordLabel('p299', 'c');
  await replica.service.labels([{ model: 'churn', id: 'p299', label: 'c' }]);

  const expected = new Map<string, number>();
  for (const snapshot of embedded.export()) {
    if (OWN.includes(snapshot.spec.name) || snapshot.kind === 'gauge') continue;
    if (snapshot.kind === 'counter')
      for (const { attributes, value } of snapshot.points)
        if (value !== 0) expected.set(`${snapshot.spec.name} ${JSON.stringify(attributes)}`, value);
    if (snapshot.kind === 'histogram')
      for (const { attributes, count, sum } of snapshot.points) {
        if (count > 0) expected.set(`${snapshot.spec.name}_count ${JSON.stringify(attributes)}`, count);
        if (count > 0) expected.set(`${snapshot.spec.name}_sum ${JSON.stringify(attributes)}`, sum);
      }
  }
  expect(expected.size).toBeGreaterThan(30);
  expect(Object.fromEntries(replica.counters())).toEqual(Object.fromEntries(expected));
  expect(replica.errors).toEqual([]);
  await replica.close();
});
