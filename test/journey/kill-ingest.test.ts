/** `kill -9` at any moment loses nothing that was acknowledged, and nothing is there twice. More kills: `node test/journey/kill-ingest.ts 200`. */
import { ENGINES, useEngines } from '../support/engines.ts';
import { killIngest } from './support/kill-ingest.ts';

const engines = useEngines();
const KILLS = { sqlite: 20, postgres: 10 };

describe.each(ENGINES)('%s', (engine) => {
  engines.testOn(engine)(
    'killed while it writes',
    async () => {
      const place = await engines.place(engine);
      // Early and late, so that the first start, the migration and a busy store are all met.
      const moments = Array.from({ length: KILLS[engine] }, (_, kill) => 1 + ((kill * 7) % 23));
      const report = await killIngest(place, moments);
      expect(report).toMatchObject({ kills: KILLS[engine], lost: [], tallyError: 0, integrity: 'ok' });
      expect(report.acknowledged.corrections).toBeGreaterThan(50);
    },
    300_000,
  );
});
