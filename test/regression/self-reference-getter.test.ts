/** Was: while a self reference was collected the row was read outside the guard, so a getter that throws threw into model code. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PredictionRow } from '../../collector/src/prediction.ts';
import { untyped } from '../collector/support/core.ts';
import { exported } from '../collector/support/exported.ts';

test('a row that cannot be read is counted once, not thrown back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-regression-'));
  const stateFile = join(folder, 'reference.json');
  const { monitor, value } = exported({ selfReference: { stateFile, rows: 100 } });
  const row = Object.defineProperty({ prediction: 'a' }, 'features', {
    get: () => {
      throw new Error('getter');
    },
  });
  expect(() => monitor.recordPrediction(untyped<PredictionRow>(row))).not.toThrow();
  expect(await value('errors', { reason: 'recording_failed' })).toBe(1);
  expect(existsSync(stateFile)).toBe(false);
  rmSync(folder, { recursive: true });
});
