import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChildren, plumbline } from './support/plumbline.ts';

interface Event {
  readonly event: string;
  readonly [name: string]: unknown;
}

const data = mkdtempSync(join(tmpdir(), 'plumbline-drift-'));

afterAll(async () => {
  await endChildren();
  rmSync(data, { recursive: true, force: true });
});

const ONCE = ['demo', '--drift', '--once', '--json', '--port', '0', '--speed', '1500', '--data', data];

describe('plumbline demo --drift', () => {
  test('goes once round the loop, and what it tells stands in the audit', async () => {
    const { code, stdout, stderr } = await plumbline(ONCE);
    expect([code, stderr]).toEqual([0, '']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Event);
    const told = events.map(({ event }) => event);
    expect(told.slice(0, 6)).toEqual(['started', 'passed', 'refused', 'policy', 'live', 'triggered']);
    expect(events.find(({ event }) => event === 'refused')).toMatchObject({
      gates: [
        { metric: 'accuracy', need: 0.9, met: false, source: 'validation' },
        { metric: 'stability', need: 0.95, met: false },
      ],
    });
    expect(events.find(({ event }) => event === 'triggered')).toMatchObject({ trigger: 'accuracy', incumbent: '1' });
    const steps = events.filter(({ event }) => event === 'step').map(({ state }) => state);
    expect(steps.slice(0, 4)).toEqual(['queued', 'exporting', 'training', 'validating']);
    const run = events.find(({ event }) => event === 'run');
    // What a candidate is worth depends on the readings it met, so on how fast this machine is; what must follow does not.
    if (run?.['state'] === 'succeeded') expect(steps.slice(4)).toEqual(['saving', 'experiment', 'succeeded']);
    else expect(run?.['outcome']).toMatch(/candidate/);
    const promoted = told.includes('promoted');
    expect(promoted ? ['after', 'stopped'] : ['unchanged', 'stopped']).toContain(told.at(-1));
    const verified = await plumbline(['verify', '--json', '--data', data]);
    expect(verified.code).toBe(0);
  });

  test('a folder that holds an earlier run is refused by its name', async () => {
    const { code, stderr } = await plumbline(ONCE.filter((argument) => argument !== '--json'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/--data: the folder holds the model of an earlier run/);
  });

  test('it cannot be endless or cut', async () => {
    const { code, stderr } = await plumbline(['demo', '--drift', '--repeat']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/'--drift' cannot be used with option '--repeat'/);
  });
});
