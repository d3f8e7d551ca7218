/** What the service answers from the store is what an embedded monitor answers that has seen the same. */
import { profileReference } from '../../../collector/src/distribution/profile.ts';
import type { DeclaredModel } from '../../../collector/src/labels/declared-model.ts';
import type { IngestPrediction } from '../../../collector/src/labels/ingest.ts';
import type { MonitorOptions } from '../../../collector/src/monitor/options.ts';
import type { PredictedValue } from '../../../collector/src/prediction.ts';
import { createReaderJobs } from '../../../collector/src/storage/reader/create-jobs.ts';
import { TestCore } from '../support/core.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { DAY, declare, Replica, SECOND, START } from './support/replica.ts';

const engines = useEngines();
const WINDOW = 100;
const ROWS = 450;

/** A number that looks random, the same in every run. */
function noise(index: number, salt: number): number {
  return (Math.imul(index + 1, 2654435761 + salt * 40503) >>> 0) / 2 ** 32;
}

type Row = Omit<IngestPrediction, 'model' | 'version' | 'id'> & { readonly label: PredictedValue };

const CLASSIFIED = Array.from({ length: ROWS }, (_, index): Row => {
  const score = noise(index, 1);
  return {
    prediction: score >= 0.5 ? 'up' : 'down',
    score,
    label: noise(index, 2) < score ? 'up' : 'down',
    features: { age: noise(index, 3) * 40 + (index > 300 ? 20 : 0), plan: ['basic', 'gold'][index % 2] as string },
    segment: ['north', 'south'][index % 2] as string,
  };
});
const REGRESSED = CLASSIFIED.map(({ features, score = 0, segment }, index): Row => {
  return { features, segment, prediction: score * 10, label: score * 10 + noise(index, 4) - 0.4 } as Row;
});
const SEVERAL = CLASSIFIED.map(({ segment }, index): Row => {
  const labels = ['red', 'green', 'blue'].filter((_, at) => noise(index, at + 5) > 0.5);
  return { segment, prediction: labels, label: index % 3 ? labels : ['red'] } as Row;
});

const reference = profileReference(
  CLASSIFIED.slice(0, 250).map(({ features = {} }) => features),
  { predictions: CLASSIFIED.slice(0, 250).map(({ prediction }) => String(prediction)) },
);

const TASKS: readonly (readonly [string, DeclaredModel & Partial<MonitorOptions>, readonly Row[]])[] = [
  ['classes with scores', { classes: ['up', 'down'], positiveClass: 'up', segments: ['north', 'south'] }, CLASSIFIED],
  ['a regression', { task: 'regression', segments: ['north'] }, REGRESSED],
  ['several labels', { task: 'multilabel', classes: ['red', 'green', 'blue'] }, SEVERAL],
];

const sent = (rows: readonly Row[]) =>
  rows.map(({ label: _, ...row }, index) => ({
    ...row,
    ...{ model: 'churn', version: '1', id: `p${index}`, timestamp: START + index * SECOND },
  }));

/** Both with the same predictions, and with labels for all but the last few. */
async function both(
  engine: (typeof ENGINES)[number],
  declaration: DeclaredModel & Partial<MonitorOptions>,
  rows: readonly Row[],
) {
  const database = await engines.database(engine);
  await declare(database, { ...declaration, window: WINDOW, reference });
  const replica = new Replica(database);
  const embedded = new TestCore({ model: 'churn', version: '1', ...declaration, window: WINDOW, reference });
  embedded.now = replica.now = START + ROWS * SECOND;
  sent(rows).forEach((row, index) => {
    embedded.core.recordPrediction(row);
    // The store is read in the order of predictions, so that detectors see errors in that order.
    if (index < ROWS - 50) embedded.core.recordLabel(row.id, (rows[index] as Row).label);
  });
  await replica.service.predictions(sent(rows));
  const labels = rows.slice(0, ROWS - 50).map(({ label }, index) => ({ model: 'churn', id: `p${index}`, label }));
  await replica.service.labels(labels.toReversed());
  return { database, replica, embedded };
}

describe.each(ENGINES)('%s', (engine) => {
  const given = engines.testOn(engine);

  given.each(TASKS)('performance of %s', async (_, declaration, rows) => {
    const { replica, embedded } = await both(engine, declaration, rows);
    const answer = await replica.service.performance({ model: 'churn' });
    expect(answer).toEqual(JSON.parse(JSON.stringify(embedded.core.performance())));
    expect(answer).toMatchObject({ predictions: ROWS, labeled: ROWS - 50, pending: 50, final: false });
    await replica.close();
  });

  given('a range, another version, and what does not exist', async () => {
    const { replica } = await both(
      engine,
      ...((TASKS[0] as (typeof TASKS)[number]).slice(1) as [DeclaredModel, Row[]]),
    );
    const asked = { model: 'churn', from: START + 100 * SECOND, to: START + 150 * SECOND };
    const { predictions, from, to } = await replica.service.performance(asked);
    expect([predictions, from, to]).toEqual([50, at(100), at(149)]);
    await expect(replica.service.performance({ model: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(replica.service.performance({ model: 'churn', version: '9' })).rejects.toMatchObject({
      code: 'not_found',
      message: 'Model "churn" has no version "9".',
    });
    await expect(replica.service.performance({ ...asked, to: START })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await replica.close();
  });

  given('verdicts of closed windows, and of the last predictions', async () => {
    const { replica, embedded } = await both(
      engine,
      ...((TASKS[0] as (typeof TASKS)[number]).slice(1) as [DeclaredModel, Row[]]),
    );
    expect(await replica.service.drift({ model: 'churn' })).toMatchObject({
      verdict: 'insufficient_data',
      window: null,
    });
    replica.now += 60 * SECOND;
    await replica.service.keepHouse();
    const drift = await replica.service.drift({ model: 'churn' });
    expect(drift).toEqual(JSON.parse(JSON.stringify(embedded.core.drift())));
    expect(drift).toMatchObject({ verdict: 'drifted', window: { index: 3, start: 300, end: 400 } });
    expect(await replica.service.distribution({ model: 'churn' })).toEqual(embedded.core.distribution());
    const last = await replica.service.drift({ model: 'churn', window: 200 });
    expect(last).toMatchObject({ verdict: 'drifted', window: { start: 250, end: 450 } });
    expect(last.features[0]?.tests[0]).toMatchObject({ statistic: 'ks', n: 200, m: 250 });
    expect(last.previous).not.toBeNull();
    expect(replica.value('drifted', { feature: 'age' })).toBe(1);
    expect(replica.errors).toEqual([]);
    await replica.close();
  });

  given('another thread answers the same', async () => {
    const { database, replica } = await both(
      engine,
      ...((TASKS[0] as (typeof TASKS)[number]).slice(1) as [DeclaredModel, Row[]]),
    );
    const reading = new Replica(database, { name: 'b', jobs: createReaderJobs(database) });
    const [here, there] = [replica, reading].map(({ service }) => service.performance({ model: 'churn' }));
    expect(await there).toEqual(JSON.parse(JSON.stringify(await here)));
    const asked = { model: 'churn', window: 100 };
    expect(await reading.service.drift(asked)).toEqual(JSON.parse(JSON.stringify(await replica.service.drift(asked))));
    await replica.close();
    await reading.close();
  });

  given('what retention has removed still counts, by the hour', async () => {
    const { database, replica } = await both(
      engine,
      ...((TASKS[0] as (typeof TASKS)[number]).slice(1) as [DeclaredModel, Row[]]),
    );
    const before = await replica.service.performance({ model: 'churn' });
    replica.now += 91 * DAY;
    await replica.service.keepHouse();
    const left = await database.db.selectFrom('predictions').select('seq').execute();
    expect(left).toEqual([]);
    const after = await replica.service.performance({ model: 'churn' });
    const { windows: _windows, detectors: _detectors, ...sums } = after;
    const expected = {
      ...{ predictions: ROWS, labeled: ROWS - 50, pending: 0, final: true, coverage: (ROWS - 50) / ROWS },
      ...{
        from: before.from,
        to: before.to,
        classes: before.classes,
        binary: before.binary,
        confusion: before.confusion,
      },
      metrics: {
        ...before.metrics,
        // Samples one by one are gone: the areas come from bins, and say how far those leave them open.
        roc_auc: expect.objectContaining({ n: before.metrics.roc_auc?.n }),
        average_precision: expect.objectContaining({ n: before.metrics.average_precision?.n }),
        brier: near(before.metrics.brier?.value),
        log_loss: near(before.metrics.log_loss?.value),
      },
    };
    expect(sums).toMatchObject(expected);
    expect(sums.segments.map(({ predictions }) => predictions)).toEqual([ROWS / 2, ROWS / 2]);
    expect(replica.labels()).toEqual({ joined: ROWS - 50, expired: 50 });
    await replica.close();
  });
});

const at = (second: number): string => new Date(START + second * SECOND).toISOString();
const near = (value: number | null | undefined) =>
  expect.objectContaining({ value: expect.closeTo(value as number, 12) });
