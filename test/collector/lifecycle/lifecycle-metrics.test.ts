/** What the service exports of moves, thresholds and stages. */
import { LifecycleMetrics } from '../../../collector/src/lifecycle/lifecycle-metrics.ts';
import type { CurrentVersion, StoredPolicy } from '../../../collector/src/lifecycle/lifecycle-store.ts';
import type { Transition } from '../../../collector/src/lifecycle/lifecycle.ts';
import { ANNA } from '../registry/support/control.ts';

const HOLD = 15_000;

function setUp() {
  const state = {
    now: 1_000,
    versions: [] as CurrentVersion[],
    policies: [] as (StoredPolicy & { model: string })[],
    described: [] as string[],
  };
  const metrics = new LifecycleMetrics({
    store: {
      currentVersions: () => Promise.resolve(state.versions),
      policies: () => Promise.resolve(state.policies),
    },
    now: () => state.now,
    zeroHold: HOLD,
    describes: (_model, version) => state.described.includes(version),
  });
  const points = (name: string) =>
    metrics.store
      .collect()
      .flatMap((snapshot) =>
        snapshot.spec.name === name && snapshot.kind !== 'histogram'
          ? snapshot.points.map(({ attributes, value }) => [...Object.values(attributes), value].join(' '))
          : [],
      );
  return { state, metrics, points };
}

const version = (name: string, stage: CurrentVersion['stage']): CurrentVersion => ({
  ...{ model: 'churn', version: name, stage, digest: 'd', reference: 'r' },
});
const move = (kind: Transition['kind'], of = '1'): Transition => ({
  ...{ model: 'churn', version: of, from: 'staging', to: 'production', kind, at: '', actor: ANNA },
  ...{ reason: '', evidence: null },
});

test('moves are born at zero for every known version and kind, and count once the zero was seen', async () => {
  const { state, metrics, points } = setUp();
  state.versions = [version('1', 'development')];
  await metrics.refresh();
  metrics.moved(move('promoted'));
  metrics.moved(move('overridden', '2'));
  expect(points('ml.model.transitions')).toEqual([
    ...['promoted', 'rolled_back', 'deprecated', 'overridden'].map((kind) => `churn 1 ${kind} 0`),
    'churn 2 overridden 0',
  ]);
  state.now += HOLD;
  expect(points('ml.model.transitions')).toEqual(
    expect.arrayContaining(['churn 1 promoted 1', 'churn 1 deprecated 0', 'churn 2 overridden 1']),
  );
});

test('a version is described in one stage at a time, by whoever knows it best', async () => {
  const { state, metrics, points } = setUp();
  state.versions = [version('1', 'staging'), version('2', 'development')];
  await metrics.refresh();
  expect(points('ml.model.info')).toEqual(['churn 1 staging d r 1', 'churn 2 development d r 1']);
  state.versions = [version('1', 'production'), version('2', 'staging')];
  await metrics.refresh();
  expect(points('ml.model.info')).toEqual(['churn 1 production d r 1', 'churn 2 staging d r 1']);
  state.described.push('1');
  expect(points('ml.model.info')).toEqual(['churn 2 staging d r 1']);
  state.versions = [version('1', 'staging')];
  state.described.pop();
  await metrics.refresh();
  expect(points('ml.model.info')).toEqual(['churn 1 staging d r 1']);
});

test('thresholds are those of the policies, and go when a policy no longer has them', async () => {
  const { state, metrics, points } = setUp();
  const policy = (thresholds: Record<string, Record<string, number>>) => ({
    ...{ model: 'churn', revision: 1, changes: { thresholds } },
  });
  state.policies = [policy({ accuracy: { critical: 0.7 }, feature_drift: { warning: 0.1 } })];
  await metrics.refresh();
  expect(points('ml.threshold')).toEqual(['churn accuracy critical 0.7', 'churn feature_drift warning 0.1']);
  state.policies = [policy({ accuracy: { critical: 0.8 } })];
  await metrics.refresh();
  expect(points('ml.threshold')).toEqual(['churn accuracy critical 0.8']);
});

test('what was read earlier is not shown later', async () => {
  const { state } = setUp();
  const waiting: (() => void)[] = [];
  const store = {
    currentVersions: () => {
      const seen = state.versions;
      return new Promise<CurrentVersion[]>((resolve) => waiting.push(() => resolve(seen)));
    },
    policies: () => Promise.resolve([]),
  };
  const slow = new LifecycleMetrics({ store, now: () => state.now, zeroHold: HOLD });
  state.versions = [version('1', 'staging')];
  const first = slow.refresh();
  state.versions = [version('1', 'production')];
  const second = slow.refresh();
  waiting[1]?.();
  await second;
  waiting[0]?.();
  await first;
  const [info] = slow.store.collect().filter(({ spec }) => spec.name === 'ml.model.info');
  expect(info?.points.map(({ attributes }) => attributes['stage'])).toEqual(['production']);
});
