/** The demo's joined rows as text, for scikit-learn and for the check that its golden numbers are about these rows. */
import { ELECTRICITY_FILE, loadElectricity } from '../../../collector/src/demo/electricity.ts';
import { electricityRows, replayableRows, trainDemo } from '../../../collector/src/demo/electricity-rows.ts';

/** `id,predicted,actual,score`, one line per replayed row, in order. */
export async function joinedRows(): Promise<string> {
  const stream = await loadElectricity(ELECTRICITY_FILE, () => undefined);
  const { model } = trainDemo(stream);
  const lines = ['id,predicted,actual,score'];
  for (const row of electricityRows(stream, model, { rows: replayableRows(stream), repeat: false, now: () => 0 })) {
    lines.push(`${row.id},${row.prediction},${row.label},${row.score}`);
  }
  return `${lines.join('\n')}\n`;
}
