/** Evaluations on both engines, with real programs and real folders. */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TrainingExample } from '../../../collector/src/feedback/training-example.ts';
import { createPredictor } from '../../../collector/src/outbound/create-predictor.ts';
import { createRunFolders } from '../../../collector/src/outbound/run-folders.ts';
import type { StoredVersion } from '../../../collector/src/registry/registry-store.ts';
import { createRegistry } from '../../../collector/src/registry/registry-service.ts';
import { createEvaluations } from '../../../collector/src/retraining/evaluation/evaluation-service.ts';
import type { EvaluationRequest } from '../../../collector/src/retraining/evaluation/evaluations.ts';
import { createLocalArtifacts } from '../../../collector/src/storage/artifacts/local-artifacts.ts';
import type { Database } from '../../../collector/src/storage/database.ts';
import { createEvaluationStore } from '../../../collector/src/storage/evaluation-store.ts';
import { createRegistryStore } from '../../../collector/src/storage/registry-store.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { ENVIRONMENT, nodeProgram, temporaryFolder } from '../outbound/support/run-of.ts';

const root = temporaryFolder();
const engines = useEngines();
const ACT = { actor: { name: 'ops', role: null, verified: false, token: null }, requestId: null };

/** A version is a threshold; it says yes above it. One called `bad` fails. */
const PREDICT = `
  const lines = fs.readFileSync(data, 'utf8').trim().split('\\n').map((line) => JSON.parse(line));
  const { threshold } = JSON.parse(fs.readFileSync(model + '/model.json', 'utf8'));
  if (threshold === 'bad') { console.error('no such threshold'); process.exit(1); }
  if (lines.some((row) => 'label' in row)) { console.error('it was told the truth'); process.exit(1); }
  if (threshold === 'hang') { console.log('hangs'); setInterval(() => {}, 1000); }
  else fs.writeFileSync(output, lines.map(({ id, features }) =>
    JSON.stringify({ id, prediction: features.x > threshold ? 'yes' : 'no', durationSeconds: 0.001 })).join('\\n'));`;

let made = 0;

async function world(database: Database, examples: readonly TrainingExample[] = []) {
  const folder = join(root, `world-${++made}`);
  const artifacts = await createLocalArtifacts(join(folder, 'artifacts'));
  const store = createRegistryStore(database);
  const newId = () => `id-${++made}`;
  const registry = createRegistry({
    ...{ store, artifacts, now: Date.now, newId },
    paths: {
      open: () => {
        throw new Error('no paths here');
      },
    },
  });
  await registry.declare('m', { task: 'classification', classes: ['no', 'yes'] }, ACT);
  for (const [version, threshold] of Object.entries({ a: 5, b: 3, c: 'bad', d: 'hang' })) {
    const content = async function* () {
      yield Buffer.from(JSON.stringify({ threshold }));
    };
    const files = (async function* () {
      yield { path: 'model.json', content: content() };
    })();
    await registry.save({ model: 'm', version }, { kind: 'upload', files }, ACT);
  }
  const command = { value: nodeProgram(root, PREDICT) as readonly string[] | null };
  const clock = { ahead: 0 };
  const errors: unknown[] = [];
  const replica = () =>
    createEvaluations({
      ...{ registry: store, newId },
      now: () => Date.now() + clock.ahead,
      store: createEvaluationStore(database),
      lifecycle: { policy: async (model) => ({ model, predictCommand: command.value }) as never },
      folders: createRunFolders({ folder: join(folder, 'evaluations'), artifacts }),
      predictor: createPredictor({ environment: ENVIRONMENT, limits: { grace: 100 } }),
      examples: {
        examples: async function* () {
          yield* examples;
        },
      },
      pause: (milliseconds, signal) => delay(Math.min(milliseconds, 20), undefined, { signal }).catch(() => {}),
      onError: (error) => void errors.push(error),
    });
  return { folder, artifacts, store, command, clock, errors, replica };
}

/** x from 0 to 9; the truth is yes above 3. */
const ROWS = Array.from({ length: 10 }, (_, x) => ({ features: { x }, label: x > 3 ? 'yes' : 'no' }));

function asked(versions: readonly string[], rows: readonly unknown[] = ROWS): EvaluationRequest {
  return { versions, rows: { kind: 'sent', rows }, timeLimitSeconds: 600 };
}

const MINUTES = 10 * 60_000;

describe.each(ENGINES)('%s', (engine) => {
  const testOn = engines.testOn(engine);

  testOn('versions run on rows that were sent; what failed is named, and no folder stays', async () => {
    const { replica, folder, errors } = await world(await engines.database(engine));
    const evaluations = replica();
    const begun = await evaluations.start('m', asked(['a', 'b', 'c']), ACT);
    expect(begun).toMatchObject({ model: 'm', versions: ['a', 'b', 'c'], status: 'running', actor: ACT.actor });
    const record = await evaluations.get('m', begun.id, MINUTES);
    expect(record).toMatchObject({ status: 'finished', reason: null, finishedAt: expect.any(String) });
    const [a, b] = record.result?.versions ?? [];
    expect(record.result?.rows).toBe(10);
    expect([a?.version, a?.metrics.accuracy.value, a?.difference]).toEqual(['a', 0.8, null]);
    expect([b?.version, b?.metrics.accuracy.value]).toEqual(['b', 1]);
    expect(b?.difference).toMatchObject({ from: 'a', onlyThis: 2, onlyFirst: 0, pValue: 0.5 });
    expect(b?.latency).toEqual({ n: 10, p50: 0.001, p95: 0.001 });
    expect(record.failed).toEqual([
      { version: 'c', reason: 'It failed with exit code 1; its log says why.', log: 'no such threshold\n' },
    ]);
    expect(readdirSync(join(folder, 'evaluations'))).toEqual([]);
    expect(errors).toEqual([]);
  });

  testOn('stored examples are rows too', async () => {
    const examples = ROWS.map(({ features, label }, index) => ({
      ...{ id: `p${index}`, timestamp: '2026-01-01T00:00:00Z', version: 'a', features, prediction: 'no', label },
      ...{ weight: 1, source: 'label' as const },
    }));
    const evaluations = (await world(await engines.database(engine), examples)).replica();
    const request = { ...asked(['b']), rows: { kind: 'stored', source: 'all' } as const };
    const { id } = await evaluations.start('m', request, ACT);
    expect((await evaluations.get('m', id, MINUTES)).result?.versions[0]?.metrics.accuracy.value).toBe(1);
  });

  testOn('none stored: it fails and says why', async () => {
    const evaluations = (await world(await engines.database(engine))).replica();
    const { id } = await evaluations.start('m', { ...asked(['b']), rows: { kind: 'stored', source: 'feedback' } }, ACT);
    const record = await evaluations.get('m', id, MINUTES);
    expect(record).toMatchObject({ status: 'failed', result: null });
    expect(record.reason).toContain('the range holds no labelled prediction with features');
  });

  testOn('one at a time for a model, on every replica; cancelled from anywhere', async () => {
    const { replica, folder } = await world(await engines.database(engine));
    const [here, there] = [replica(), replica()];
    const { id } = await here.start('m', asked(['d', 'a']), ACT);
    await expect(there.start('m', asked(['a']), ACT)).rejects.toMatchObject({ code: 'conflict' });
    expect(await there.get('m', id)).toMatchObject({ status: 'running' });
    await there.cancel('m', id);
    const record = await there.get('m', id, MINUTES);
    expect(record).toMatchObject({ status: 'cancelled', reason: 'It was cancelled.', result: null });
    expect(await there.cancel('m', id)).toMatchObject({ status: 'cancelled' });
    expect(readdirSync(join(folder, 'evaluations'))).toEqual([]);
    const next = await there.start('m', asked(['a']), ACT);
    expect(await here.get('m', next.id, MINUTES)).toMatchObject({ status: 'finished' });
  });

  testOn('one that runs when the service stops is ended with it', async () => {
    const evaluations = (await world(await engines.database(engine))).replica();
    const { id } = await evaluations.start('m', asked(['d']), ACT);
    await evaluations.close();
    expect(await evaluations.get('m', id)).toMatchObject({ status: 'cancelled', reason: 'The service was stopped.' });
  });

  testOn('one whose service is gone reads as interrupted, bars nothing, and its folder is swept', async () => {
    const database = await engines.database(engine);
    const { replica, clock, folder } = await world(database);
    const store = createEvaluationStore(database);
    const record = {
      ...({ id: 'gone', model: 'm', versions: ['a'], status: 'running', reason: null, actor: ACT.actor } as const),
      ...{ createdAt: new Date().toISOString(), finishedAt: null, result: null, failed: [] },
    };
    expect(await store.begin(record, Date.now() + 60_000, Date.now())).toBe('gone');
    const left = join(folder, 'evaluations', 'gone');
    const evaluations = replica();
    await createRunFolders({ folder: join(folder, 'evaluations'), artifacts: null as never }).create('gone');
    writeFileSync(join(left, 'data.jsonl'), '{}');
    await evaluations.keepHouse();
    expect(existsSync(left)).toBe(true);
    clock.ahead = 61_000;
    expect(await evaluations.get('m', 'gone')).toMatchObject({ status: 'interrupted' });
    await evaluations.keepHouse();
    expect(existsSync(left)).toBe(false);
    const { id } = await evaluations.start('m', asked(['a']), ACT);
    expect(await evaluations.get('m', id, MINUTES)).toMatchObject({ status: 'finished' });
  });

  testOn('they are listed newest first, page by page, and forgotten after 90 days', async () => {
    const { replica, clock } = await world(await engines.database(engine));
    const evaluations = replica();
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      const { id } = await evaluations.start('m', asked(['b']), ACT);
      await evaluations.get('m', id, MINUTES);
      ids.unshift(id);
      clock.ahead += 1_000;
    }
    const first = await evaluations.list('m', { limit: 2 });
    expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const second = await evaluations.list('m', { limit: 2, after: first.next as string });
    expect([second.items.map(({ id }) => id), second.next]).toEqual([ids.slice(2), null]);
    clock.ahead = 91 * 86_400_000;
    await evaluations.keepHouse();
    expect((await evaluations.list('m', { limit: 2 })).items).toEqual([]);
  });
});

describe('what cannot be begun is refused before anything is written down', () => {
  const begin = async (request: EvaluationRequest, model = 'm', command?: null) => {
    const made_ = await world(await engines.database('sqlite'));
    if (command === null) made_.command.value = null;
    const evaluations = made_.replica();
    const error: unknown = await evaluations.start(model, request, ACT).catch((thrown: unknown) => thrown);
    expect((await evaluations.list('m', { limit: 1 })).items).toEqual([]);
    return error;
  };

  test.each<[string, EvaluationRequest, object]>([
    ['an unknown version', asked(['z']), { code: 'not_found' }],
    ['a version named twice', asked(['a', 'a']), { code: 'invalid_request', message: 'versions: one is named twice.' }],
    ['no rows', asked(['a'], []), { code: 'invalid_request' }],
    [
      'a label that is none',
      asked(['a'], [...ROWS, { features: { x: 1 } }]),
      { message: expect.stringMatching(/^rows\[10\]\.label: got nothing; expected a class/) },
    ],
    ['no features', asked(['a'], [{ label: 'yes' }]), { message: 'rows[0].features: is missing.' }],
    [
      'a field too many',
      asked(['a'], [{ ...ROWS[0], weight: 1 }]),
      { message: 'rows[0].weight: is no field of a labelled row.' },
    ],
    [
      'an id twice',
      asked(['a'], [{ ...ROWS[0], id: '2' }, ROWS[1]]),
      { code: 'invalid_request', message: 'rows[1].id: "2" is there twice.' },
    ],
  ])('%s', async (_name, request, error) => {
    expect(await begin(request)).toMatchObject(error);
  });

  test('an unknown model, a policy without predictCommand', async () => {
    expect(await begin(asked(['a']), 'other')).toMatchObject({ code: 'not_found' });
    expect(await begin(asked(['a']), 'm', null)).toMatchObject({ code: 'no_predict_command', status: 409 });
  });
});

test('a damaged artifact fails the evaluation and is named', async () => {
  const { replica, folder, store } = await world(await engines.database('sqlite'));
  const { artifact } = (await store.version('m', 'a')) as StoredVersion;
  const file = join(folder, 'artifacts', artifact as string, 'model.json');
  rmSync(file);
  writeFileSync(file, '{"threshold":9}');
  const evaluations = replica();
  const { id } = await evaluations.start('m', asked(['a']), ACT);
  const record = await evaluations.get('m', id, MINUTES);
  expect(record.status).toBe('failed');
  expect(record.reason).toContain('model.json');
});
