/** `kill -9` at random moments of saving, promoting, rolling back and deleting: what was acknowledged is there, and all of it is sound. */
import { join } from 'node:path';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { killRounds } from './support/kill-rounds.ts';

/** 200 of them: node test/simulation/kill-registry.ts 200 */
const ROUNDS = 10;
const engines = useEngines();

describe.each(ENGINES)('%s', (engine) => {
  engines.testOn(engine)(
    `${ROUNDS} kills`,
    async () => {
      const report = await killRounds(ROUNDS, await engines.place(engine), join(engines.folder, `artifacts-${engine}`));
      expect(report.wrong).toEqual([]);
      expect(report.acknowledged).toBeGreaterThanOrEqual(ROUNDS);
    },
    300_000,
  );
});
