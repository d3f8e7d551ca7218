/** Who was live when, policies, moves under other hands, and what holds of the log, over both engines. */
import { join } from 'node:path';
import { createLifecycle } from '../../../collector/src/lifecycle/lifecycle-service.ts';
import { createLocalArtifacts } from '../../../collector/src/storage/artifacts/local-artifacts.ts';
import type { Database } from '../../../collector/src/storage/database.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { registerVersion } from '../storage/support/rows.ts';
import { ACT, control, GOOD, type Control } from '../registry/support/control.ts';

const engines = useEngines();

describe.each(ENGINES)('%s', (engine) => {
  const given = engines.testOn(engine);
  let database: Database;
  let folder: string;
  let service: Control;
  let made = 0;
  beforeEach(async () => {
    database = await engines.database(engine);
    folder = join(engines.folder, `lifecycle-${engine}-${++made}`);
    service = control(database, await createLocalArtifacts(folder));
  });

  const inProduction = async (...versions: string[]) => {
    service.state.live = GOOD;
    for (const version of versions) {
      await service.save({ version });
      await service.move(version, 'staging');
      await service.move(version, 'production');
    }
  };

  given('a version that somebody moves between two looks at it is not moved twice', async () => {
    await inProduction('1');
    await service.save({ version: '2' });
    await service.move('2', 'staging');
    let looks = 0;
    const slow = createLifecycle({
      store: {
        ...service.store,
        version: async (...asked) => {
          const seen = await service.store.version(...asked);
          if (++looks === 1) await service.move('2', 'production');
          return seen;
        },
      },
      artifacts: await createLocalArtifacts(folder),
      evidence: { store: { live: () => Promise.resolve(GOOD) } },
      now: () => service.state.now,
    });
    const second = slow.transition('churn', '2', { to: 'production', reason: '', override: false }, ACT);
    await expect(second).rejects.toMatchObject({ code: 'conflict' });
    expect((await service.lifecycle.transitions('churn', { limit: 10 })).items).toHaveLength(5);
  });

  given('who was live when, and why', async () => {
    const at = (hours: number) => Date.UTC(2026, 0, 1, hours);
    const live = async (hours: number) => {
      const { version, since, until, transition } = await service.lifecycle.live('churn', at(hours));
      return [version, since?.slice(11, 13) ?? null, until?.slice(11, 13) ?? null, transition?.kind ?? null];
    };
    service.state.live = GOOD;
    for (const version of ['1', '2']) {
      await service.save({ version });
      await service.move(version, 'staging');
    }
    const acts: [number, () => Promise<unknown>][] = [
      [1, () => service.move('1', 'production')],
      [3, () => service.move('2', 'production')],
      [5, () => service.lifecycle.rollback('churn', { to: '1', reason: 'slow' }, ACT)],
      [7, () => service.move('1', 'deprecated')],
      [9, () => service.lifecycle.rollback('churn', { to: '2', reason: 'needed' }, ACT)],
    ];
    for (const [hour, act] of acts) {
      service.state.now = at(hour);
      await act();
    }
    expect(await live(0)).toEqual([null, null, '01', null]);
    expect(await live(1)).toEqual(['1', '01', '03', 'promoted']);
    expect(await live(2)).toEqual(['1', '01', '03', 'promoted']);
    expect(await live(3)).toEqual(['2', '03', '05', 'promoted']);
    expect(await live(6)).toEqual(['1', '05', '07', 'rolled_back']);
    expect(await live(7)).toEqual([null, '07', '09', null]);
    expect(await live(8)).toEqual([null, '07', '09', null]);
    expect(await live(10)).toEqual(['2', '09', null, 'rolled_back']);
    expect((await service.lifecycle.live('churn', at(6))).transition).toMatchObject({ reason: 'slow' });
    await expect(service.lifecycle.live('none', 0)).rejects.toMatchObject({ code: 'not_found' });
  });

  given('moves are told in the order they were made, though a replica’s clock goes slow', async () => {
    await inProduction('1');
    service.state.now -= 60_000;
    await inProduction('2');
    const times = (await service.lifecycle.transitions('churn', { limit: 10 })).items.map(({ at }) => at);
    expect(times).toEqual([...times].sort().reverse());
    expect(await service.lifecycle.live('churn', service.state.now + 60_000)).toMatchObject({ version: '2' });
  });

  given('the policy is data: parts are replaced, the revision guards, gates follow', async () => {
    await service.save();
    const first = await service.lifecycle.policy('churn');
    expect(first).toMatchObject({
      revision: 0,
      gates: { staging: [{ metric: 'accuracy', min: 0.85 }] },
      evidence: { windowDays: 30, minimum: 200, source: 'store' },
    });
    const changed = await service.lifecycle.setPolicy(
      'churn',
      { gates: { ...first.gates, staging: [{ metric: 'mae', max: 5 }] }, thresholds: { accuracy: { critical: 0.7 } } },
      ACT,
    );
    expect(changed).toEqual({
      ...first,
      revision: 1,
      gates: { staging: [{ metric: 'mae', max: 5 }], production: first.gates.production },
      thresholds: { accuracy: { critical: 0.7 } },
    });
    expect(await service.lifecycle.policy('churn')).toEqual(changed);
    await expect(service.lifecycle.setPolicy('churn', { revision: 0, retentionDays: 5 }, ACT)).rejects.toMatchObject({
      code: 'conflict',
      details: { revision: 1 },
    });
    service.state.live = { labeled: 300, metrics: { mae: { value: 6, n: 300 } }, windows: [] };
    expect(await service.lifecycle.gates('churn', '1', 'staging')).toMatchObject([
      { metric: 'mae', need: 5, direction: 'at_most', value: 6, met: false, why: '6 is above 5.' },
    ]);
    expect((await service.audit.list({ limit: 1 })).items).toMatchObject([
      { action: 'policy.changed', before: { thresholds: {} }, after: { thresholds: { accuracy: { critical: 0.7 } } } },
    ]);
    const prometheus = service.lifecycle.setPolicy(
      'churn',
      { evidence: { windowDays: 30, minimum: 200, source: 'prometheus' } },
      ACT,
    );
    await expect(prometheus).rejects.toMatchObject({ message: expect.stringContaining('evidence.source') });
    await expect(service.lifecycle.policy('none')).rejects.toMatchObject({ code: 'not_found' });
  });

  given('a policy that changes while gates are judged stops the move', async () => {
    await service.save();
    let changed = false;
    const source = async () => {
      if (!changed) await service.lifecycle.setPolicy('churn', { retentionDays: 5 }, ACT);
      changed = true;
      return GOOD;
    };
    const racing = control(database, await createLocalArtifacts(folder));
    racing.state.live = GOOD;
    const lifecycle = createLifecycle({
      store: racing.store,
      artifacts: await createLocalArtifacts(folder),
      evidence: { store: { live: source } },
      now: () => service.state.now,
    });
    const move = () => lifecycle.transition('churn', '1', { to: 'staging', reason: '', override: false }, ACT);
    await expect(move()).rejects.toMatchObject({ code: 'conflict' });
    expect(await move()).toMatchObject({ stage: 'staging' });
  });

  given('a version known from predictions alone has no stage to leave', async () => {
    await service.save();
    await registerVersion(database, 'churn', 'seen');
    await expect(service.move('seen', 'staging')).rejects.toMatchObject({ code: 'transition_not_allowed' });
    await expect(service.registry.change('churn', 'seen', { tags: {} }, ACT)).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  given('the log refuses changes made past the service', async () => {
    await service.save();
    const update = database.db.updateTable('audit').set({ reason: 'forged' }).execute();
    await expect(update).rejects.toThrow('append-only');
    await expect(database.db.deleteFrom('audit').execute()).rejects.toThrow('append-only');
  });

  given('what fails after the change was written takes the change and its entry back together', async () => {
    await service.save();
    const entry = {
      ...({ action: 'model.changed', actor: ACT.actor, model: 'churn', subject: null, reason: null } as const),
      ...{ evidence: null, before: null, requestId: null },
    };
    const failing = service.store.transaction(async (writing) => {
      const model = await writing.lockModel('churn');
      if (!model) throw new Error('there is one');
      await writing.setLastNumber(model, 41);
      await writing.audit({ ...entry, after: 'never' }, 1);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect((await service.audit.list({ limit: 5 })).items).toHaveLength(1);
    expect((await service.save()).version).toBe('2');
    expect(await service.audit.head()).toMatchObject({ seq: 2 });
  });
});
