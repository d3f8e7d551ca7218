/** `kill -9` at every point of a run, in processes of their own: afterwards all is consistent, and the model may be retrained again. */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_POLICY } from '../../../collector/src/lifecycle/policy.ts';
import { migrate } from '../../../collector/src/storage/migrate.ts';
import { verifyStore } from '../../../collector/src/storage/verify/verify-store.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { ACT } from '../registry/support/control.ts';
import type { DyingOptions } from './support/dying-replica.ts';
import { MODEL, openRoom, PATIENCE, POINTS, POLICY, type Point } from './support/room.ts';

const engines = useEngines();
const REPLICA = join(import.meta.dirname, 'support/dying-replica.ts');
const GATES = { ...DEFAULT_POLICY.gates, production: [{ metric: 'accuracy', min: 0.9 }] };

/** Starts a replica, kills it when it has come to its point, and waits until it is gone. */
async function dieAt(options: DyingOptions): Promise<void> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', REPLICA, JSON.stringify(options)]);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), gone]);
  child.kill('SIGKILL');
  await gone;
  if (errors !== '') throw new Error(errors);
}

/** Where things stand: which state the run had come to, and which version is in production. */
const LEFT: Readonly<Record<Point, readonly [state: string, version: string | null, production: string]>> = {
  training: ['training', null, '1'],
  validating: ['validating', null, '1'],
  saved: ['saving', '2', '1'],
  promoting: ['promoting', '2', '1'],
  promoted: ['promoting', '2', '2'],
};

describe.each(ENGINES)('on %s', (engine) => {
  engines.testOn(engine).each(POINTS)('killed when %s', async (point) => {
    const place = await engines.place(engine);
    const folder = mkdtempSync(join(engines.folder, 'k-'));
    const first = engines.open(place);
    await migrate(first);
    const before = await openRoom(first, folder);
    await before.registry.declare(MODEL, { task: 'classification', classes: ['no', 'yes'] }, ACT);
    const changes = { ...POLICY, then: { do: 'promote', to: 'production' } } as const;
    await before.setPolicy(changes, { predictCommand: ['predict'], gates: GATES });
    await before.save();
    await before.move('1', 'staging', true);
    await before.move('1', 'production', true);
    await dieAt({ place, folder, point });

    const database = engines.open(place);
    const room = await openRoom(database, folder);
    room.state.now += PATIENCE + 1;
    expect(await room.desk.recover()).toBe(1);
    const [state, version, production] = LEFT[point];
    const [left] = (await room.retraining.runs(MODEL, { limit: 10 })).items;
    const run = await room.retraining.run(MODEL, left?.run as string);
    expect(run).toMatchObject({ state: 'interrupted', version, outcome: expect.stringContaining(`It was ${state}`) });
    expect((await room.registry.model(MODEL)).production).toBe(production);
    expect(await verifyStore({ database, artifacts: room.artifacts })).toMatchObject({ sound: true });
    // Nothing is left in the way: the next run goes through.
    const again = await room.ran();
    expect([again.state, again.incumbent]).toEqual(['succeeded', production]);
    expect((await room.registry.model(MODEL)).production).toBe(again.version);
    expect(room.errors).toEqual([]);
  });
});
