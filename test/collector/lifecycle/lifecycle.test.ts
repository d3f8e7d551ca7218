/** Stages, gates, overrides, rollbacks and who was live, over both engines. */
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvidenceQuery } from '../../../collector/src/lifecycle/evidence.ts';
import { MOVES } from '../../../collector/src/lifecycle/moves.ts';
import { STAGES, type Stage } from '../../../collector/src/registry/model-version.ts';
import { createLocalArtifacts } from '../../../collector/src/storage/artifacts/local-artifacts.ts';
import type { Database } from '../../../collector/src/storage/database.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { ACT, control, GOOD, QUIET, traffic, type Control } from '../registry/support/control.ts';

const engines = useEngines();
const DAY = 86_400_000;

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

  const stageOf = async (version: string) => (await service.registry.version('churn', version)).stage;
  const inProduction = async (...versions: string[]) => {
    service.state.live = GOOD;
    for (const version of versions) {
      await service.save({ version });
      await service.move(version, 'staging');
      await service.move(version, 'production');
    }
  };

  given('a version goes development → staging → production on live evidence, which is kept with the move', async () => {
    await service.save();
    const asked: EvidenceQuery[] = [];
    service.state.live = (query) => (asked.push(query), GOOD);
    expect(await service.move('1', 'staging')).toMatchObject({ stage: 'staging' });
    expect(await service.move('1', 'production')).toMatchObject({ version: '1', stage: 'production' });
    const { now } = service.state;
    expect(asked[0]).toEqual({ model: 'churn', version: '1', from: now - 30 * DAY, to: now });
    const [last, first] = (await service.lifecycle.transitions('churn', { limit: 10 })).items;
    expect(first).toMatchObject({ from: 'development', to: 'staging', kind: 'promoted', actor: ACT.actor });
    expect(last?.evidence).toMatchObject({
      policyRevision: 0,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      window: { from: '2025-12-02T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z' },
      gates: [
        { metric: 'accuracy', need: 0.9, value: 0.93, n: 1000, met: true, source: 'live', why: null },
        { metric: 'stability', need: 0.95, n: 1000, met: true, source: 'live' },
      ],
    });
    expect(await service.registry.model('churn')).toMatchObject({ production: '1' });
    expect(service.moves.map(({ kind, to }) => [kind, to])).toEqual([
      ['promoted', 'staging'],
      ['promoted', 'production'],
    ]);
  });

  given('a gate that is not met refuses, says which and why, and the refusal is audited', async () => {
    await service.save();
    service.state.live = traffic(0.84);
    const gates = [
      ...[{ metric: 'accuracy', need: 0.85, direction: 'at_least', value: 0.84, n: 200, met: false, source: 'live' }],
    ];
    await expect(service.move('1', 'staging')).rejects.toMatchObject({
      code: 'gate_not_met',
      message: expect.stringContaining('accuracy: 0.84 is below 0.85.'),
      details: { gates: [{ ...gates[0], why: '0.84 is below 0.85.' }] },
    });
    expect(await stageOf('1')).toBe('development');
    expect((await service.audit.list({ limit: 1 })).items).toMatchObject([
      { action: 'transition.refused', subject: '1', evidence: { gates }, after: { to: 'staging' } },
    ]);
    expect(await service.lifecycle.gates('churn', '1', 'staging')).toMatchObject(gates);
    expect((await service.lifecycle.transitions('churn', { limit: 1 })).items).toEqual([]);
  });

  given('without live traffic the validation metrics count, if they say on how many rows', async () => {
    await service.save({ metrics: { accuracy: 0.91, n: 5_000, stability: 0.97 } });
    await service.save({ metrics: { accuracy: 0.99 } });
    await service.save({ metrics: { accuracy: 0.99, n: 199 } });
    expect(await service.lifecycle.gates('churn', '1', 'staging')).toMatchObject([
      { met: true, source: 'validation', value: 0.91, n: 5_000 },
    ]);
    await service.move('1', 'staging');
    expect(await service.move('1', 'production')).toMatchObject({ stage: 'production' });
    expect(await service.lifecycle.gates('churn', '2', 'staging')).toMatchObject([
      { met: false, n: 0, why: 'It rests on 0 labelled rows; 200 are needed.' },
    ]);
    expect(await service.lifecycle.gates('churn', '3', 'staging')).toMatchObject([{ met: false, n: 199 }]);
    // Any labelled traffic is better evidence than what was measured elsewhere.
    service.state.live = { ...QUIET, labeled: 3, metrics: { accuracy: { value: 0.3, n: 3 } } };
    await service.save({ metrics: { accuracy: 0.99, n: 5_000 } });
    expect(await service.lifecycle.gates('churn', '4', 'staging')).toMatchObject([
      { met: false, source: 'live', value: 0.3, n: 3 },
    ]);
  });

  given('promotion replaces the version in production in one step', async () => {
    await inProduction('1', '2');
    expect([await stageOf('1'), await stageOf('2')]).toEqual(['deprecated', 'production']);
    const { items } = await service.lifecycle.transitions('churn', { limit: 2 });
    expect(items).toMatchObject([
      { version: '2', to: 'production', kind: 'promoted' },
      { version: '1', from: 'production', to: 'deprecated', kind: 'deprecated', evidence: { replacedBy: '2' } },
    ]);
    expect((await service.audit.list({ limit: 2 })).items).toMatchObject([
      { action: 'version.promoted', subject: '2', before: { stage: 'staging' }, after: { stage: 'production' } },
      { action: 'version.deprecated', subject: '1', before: { stage: 'production' }, after: { stage: 'deprecated' } },
    ]);
    expect(service.moves.slice(-2).map(({ version, kind }) => [version, kind])).toEqual([
      ['1', 'deprecated'],
      ['2', 'promoted'],
    ]);
  });

  given('every move that is not in the table is refused, from every stage', async () => {
    service.state.live = GOOD;
    await service.save({ version: 'development' });
    await service.save({ version: 'deprecated' });
    for (const to of ['staging', 'production', 'deprecated'] as const) await service.move('deprecated', to);
    await service.save({ version: 'production' });
    for (const to of ['staging', 'production'] as const) await service.move('production', to);
    await service.save({ version: 'staging' });
    await service.move('staging', 'staging');
    for (const from of STAGES)
      for (const to of STAGES.filter((stage) => !MOVES[from].includes(stage))) {
        const move = service.lifecycle.transition('churn', from, { to, reason: 'x', override: true }, ACT);
        await expect(move).rejects.toMatchObject({ code: 'transition_not_allowed' });
        expect(await stageOf(from)).toBe(from);
      }
    const nowhere = service.lifecycle.transition(
      'churn',
      'staging',
      { to: 'x' as Stage, reason: '', override: false },
      ACT,
    );
    await expect(nowhere).rejects.toMatchObject({ code: 'invalid_request' });
  });

  given('an override needs a reason, and the audit keeps the gates that were not met', async () => {
    await service.save();
    service.state.live = traffic(0.5);
    const override = (reason: string) =>
      service.lifecycle.transition('churn', '1', { to: 'staging', reason, override: true }, ACT);
    await expect(override('  ')).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await override('the old one is worse')).toMatchObject({ stage: 'staging' });
    expect((await service.audit.list({ limit: 1 })).items).toMatchObject([
      {
        action: 'version.overridden',
        reason: 'the old one is worse',
        evidence: { gates: [{ metric: 'accuracy', met: false, value: 0.5 }] },
      },
    ]);
    // With all gates met there is nothing to override.
    service.state.live = GOOD;
    await service.lifecycle.transition('churn', '1', { to: 'production', reason: 'sure', override: true }, ACT);
    expect(service.moves.map(({ kind }) => kind)).toEqual(['overridden', 'promoted']);
  });

  given('rollback brings back what has been in production, without gates, and nothing else', async () => {
    await inProduction('1', '2');
    service.state.live = traffic(0.1);
    await service.save({ version: '3' });
    const back = (to: string, reason = 'it was better') => service.lifecycle.rollback('churn', { to, reason }, ACT);
    await expect(back('1', '')).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(back('2')).rejects.toMatchObject({ code: 'transition_not_allowed' });
    await expect(back('3')).rejects.toMatchObject({ code: 'transition_not_allowed' });
    await expect(back('9')).rejects.toMatchObject({ code: 'not_found' });
    expect(await back('1')).toMatchObject({ version: '1', stage: 'production' });
    expect([await stageOf('1'), await stageOf('2')]).toEqual(['production', 'deprecated']);
    expect((await service.audit.list({ limit: 2 })).items).toMatchObject([
      { action: 'version.rolled_back', subject: '1', reason: 'it was better' },
      { action: 'version.deprecated', subject: '2' },
    ]);
    expect(service.moves.at(-1)).toMatchObject({ version: '1', kind: 'rolled_back' });
  });

  given('files that were changed stop a promotion and a rollback, and that is audited', async () => {
    await inProduction('1', '2');
    await service.save({ version: '3' });
    for (const name of readdirSync(folder).filter((id) => id !== '.staging')) {
      const path = join(folder, name, 'model.bin');
      chmodSync(path, 0o640);
      writeFileSync(path, 'WEIGHTS');
    }
    await expect(service.move('3', 'staging')).rejects.toMatchObject({ code: 'artifact_damaged' });
    expect((await service.audit.list({ limit: 1 })).items).toMatchObject([
      { action: 'transition.refused', subject: '3', evidence: { artifact: expect.stringContaining('SHA-256') } },
    ]);
    const back = service.lifecycle.rollback('churn', { to: '1', reason: 'x' }, ACT);
    await expect(back).rejects.toMatchObject({ code: 'artifact_damaged' });
    expect([await stageOf('2'), await stageOf('3')]).toEqual(['production', 'development']);
    // Taking a damaged version out of production is always possible.
    expect(await service.move('2', 'deprecated')).toMatchObject({ stage: 'deprecated' });
  });
});
