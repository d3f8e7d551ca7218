/** Recorded predictions that several tests replay. */

/** Rows with a drifting feature `x`, a colour, and a prediction that is right in 3 of 4 rows. */
export function history(rows: number, from = 0): string {
  const lines = ['when,x,colour,said,truth,sure,key'];
  for (let row = 0; row < rows; row++) {
    const x = ((row * 37) % 100) / 100 + (row >= from ? 0.5 : 0);
    const said = row % 2 === 0 ? 'up' : 'down';
    const truth = row % 4 === 3 ? 'up' : said;
    const when = new Date(Date.UTC(2026, 0, 1) + row * 60_000).toISOString();
    lines.push([when, x, row % 3 === 0 ? 'red' : 'blue', said, truth, 0.75, `k${row}`].join(','));
  }
  return `${lines.join('\n')}\n`;
}

/** What every replay of them is told. */
export const BASE = ['--model', 'm', '--version', '3', '--prediction', 'said', '--label', 'truth'];
