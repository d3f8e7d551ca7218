import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReplayReport } from '../../../collector/src/demo/report/report.ts';
import { readReferenceFile } from '../../../collector/src/index.ts';
import { BASE, history } from './support/history.ts';
import { endChildren, plumbline, REPOSITORY, startPlumbline, temporaryFolder } from './support/plumbline.ts';

const folder = temporaryFolder();
afterEach(endChildren);
afterAll(folder.remove);

const { file } = folder;
const ELECTRICITY = join(REPOSITORY, 'collector/data/electricity.csv.gz');

describe('plumbline profile', () => {
  test('writes a reference that the SDK reads, and says what it holds', async () => {
    const out = folder.path('reference.json');
    const data = file('profile.csv', history(500));
    const { code, stdout } = await plumbline(['profile', data, '--out', out, '--features', 'x,colour', '--json']);
    expect(code).toBe(0);
    const said = JSON.parse(stdout) as { digest: string };
    expect(said).toEqual({
      out,
      rows: 500,
      skipped: 0,
      digest: readReferenceFile(out).digest,
      features: [
        { feature: 'x', type: 'numeric', n: 500, missing: 0 },
        { feature: 'colour', type: 'categorical', n: 500, missing: 0 },
      ],
    });
  });

  test('what the model gave is no feature, but its drift is seen; a replay takes such a reference', async () => {
    const out = folder.path('outputs.json');
    const data = file('outputs.csv', `${history(400)}2026-01-01T00:00:00Z,0.5,red,up,up,high,k\n`);
    const flags = ['--features', 'x', '--prediction', 'said', '--label', 'truth', '--score', 'sure'];
    const { code, stderr } = await plumbline(['profile', data, '--out', out, ...flags]);
    expect(code).toBe(0);
    expect(stderr).toContain('line 402, column sure: "high" is not a number; the row is skipped.');
    const { features, predictions } = readReferenceFile(out);
    expect(features.map(({ feature, n }) => [feature, n])).toEqual([
      ['x', 400],
      ['__score__', 400],
    ]);
    expect(predictions).toEqual({ down: 200, up: 200 });
    const sent = ['replay', data, ...BASE, '--score', 'sure', '--reference', out, '--window', '100', '--json'];
    const report = JSON.parse((await plumbline(sent)).stdout) as ReplayReport;
    expect(report.drift.windows[0]?.features.map(({ feature }) => feature)).toEqual(['x', '__score__']);
  });

  test('numbers are categories when told so; every column is a feature by default', async () => {
    const out = folder.path('all.json');
    const data = file('numbers.csv', 'a,b\n1,2\n2,2\n,3\n');
    const { code, stdout, stderr } = await plumbline(['profile', data, '--out', out, '--categorical', 'b']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Wrote .*all\.json: 3 rows, 2 features, reference [0-9a-f]{12}\.\n$/);
    expect(readReferenceFile(out).features).toMatchObject([
      { feature: 'a', type: 'numeric', n: 2, missing: 1 },
      { feature: 'b', type: 'categorical', categories: ['2', '3'], counts: [2, 1] },
    ]);
  });

  test('a bad cell is reported with line and column, its row is left out', async () => {
    const out = folder.path('bad.json');
    const data = file('bad.csv', 'a,b\n1,2\n2,oops\n3,4\n5\n');
    const { code, stderr } = await plumbline(['profile', data, '--out', out]);
    expect(code).toBe(0);
    expect(stderr).toContain(`${data}: line 3, column b: "oops" is not a number; the row is skipped.\n`);
    expect(stderr).toContain(`${data}: line 5, column b: it has 1 of 2 cells; the row is skipped.\n`);
    expect(readReferenceFile(out).rows).toBe(2);
  });

  test.each([
    ['a missing column', ['--features', 'a,zz'], 3, 'has no column "zz" (--features). Its columns are: a, b, c.'],
    ['a column without values', [], 3, 'column "c" has no value in any row'],
    ['a stray category', ['--features', 'a', '--categorical', 'b'], 2, '--categorical: "b" is not among the features.'],
  ])('%s', async (_name, flags, exit, message) => {
    const data = file('gaps.csv', 'a,b,c\n1,2,\n');
    const { code, stderr } = await plumbline(['profile', data, '--out', folder.path('none.json'), ...flags]);
    expect(code).toBe(exit);
    expect(stderr).toContain(message);
    expect(() => readFileSync(folder.path('none.json'))).toThrow();
  });

  test('an output that cannot be written is named', async () => {
    const data = file('small.csv', 'a\n1\n');
    const { code, stderr } = await plumbline(['profile', data, '--out', folder.path('no/such/folder.json')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^plumbline: --out: .*folder\.json cannot be written \(.*\)\. Check that its folder is there/,
    );
  });
});

describe('plumbline replay', () => {
  test('against a reference: performance with n and interval, a verdict per window, label delay in time', async () => {
    const reference = folder.path('base.json');
    await plumbline(['profile', file('base.csv', history(2_000, 2_000)), '--out', reference, '--features', 'x,colour']);
    const flags = ['--timestamp', 'when', '--score', 'sure', '--id', 'key', '--label-delay', '60', '--window', '500'];
    const data = file('drift.csv', history(2_000, 1_000));
    const args = ['replay', data, ...BASE, ...flags, '--reference', reference];
    const { code, stdout, stderr } = await plumbline([...args, '--json']);
    expect([code, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout) as { drift: { windows: { verdict: string; features: { verdict: string }[] }[] } };
    expect(report).toMatchObject({
      model: 'm',
      version: '3',
      rows: { replayed: 2_000, skipped: 0, bad: [] },
      performance: {
        from: '2026-01-01T00:00:00.000Z',
        labeled: 2_000,
        metrics: { accuracy: { value: 0.75, n: 2_000, low: expect.any(Number), high: expect.any(Number) } },
      },
      drift: { reference: readReferenceFile(reference).digest.slice(0, 12), total: 4 },
      records: { labels: { joined: 2_000, duplicate: 0 }, rejected: expect.any(Object) },
    });
    expect(report.drift.windows.map(({ verdict }) => verdict)).toEqual(['stable', 'stable', 'drifted', 'drifted']);
    expect(report.drift.windows[2]?.features.map(({ verdict }) => verdict)).toEqual(['drifted', 'stable']);
    const people = await plumbline(args);
    expect(people.stdout).toMatch(/accuracy +│ 0\.7500 │ 0\.7306 to 0\.7685 │ 2,000/);
    expect(people.stdout).toMatch(/│ 3 +│ 1,000 to 1,499 │ drifted │ x +│/);
  });

  test('without a reference the first 5,000 rows become it', async () => {
    const { code, stdout } = await plumbline([
      'replay',
      ELECTRICITY,
      ...['--model', 'e', '--version', '1', '--prediction', 'target', '--label', 'target', '--json'],
    ]);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as { drift: { windows: { features: { feature: string }[] }[] } };
    expect(report).toMatchObject({
      performance: { metrics: { accuracy: { value: 1, n: 45_312 } } },
      drift: { total: 9, origin: 'the first 5,000 rows of the file' },
    });
    const [first, , , fourth] = report.drift.windows;
    expect(first?.features.map(({ feature }) => feature)).toEqual([
      ...['period', 'nswprice', 'nswdemand', 'vicprice', 'vicdemand', 'transfer'],
    ]);
    expect(first).toMatchObject({ verdict: 'stable' }); // it is the reference itself
    expect(fourth).toMatchObject({ start: 15_000, verdict: 'drifted' });
  });

  test('few rows and no reference: performance, and why drift is not judged', async () => {
    const { code, stdout } = await plumbline(['replay', file('few.csv', history(40)), ...BASE]);
    expect(code).toBe(0);
    expect(stdout).toContain('Drift: not judged, without --reference it needs 5,000 rows');
    expect(stdout).toMatch(/accuracy +│ 0\.7500 │/);
  });

  test('bad rows, missing values, used ids and unlabelled rows are each counted and named', async () => {
    const rows = [
      'x,said,truth,key',
      ...Array.from({ length: 5_000 }, (_, row) => `${row % 7},a,a,k${row}`),
      'oops,a,a,k5000',
      ',a,a,k5001',
      '3,,a,k5002',
      '3,a,,k5003',
      '3,a,a,k1',
      '"3,a,a,k5004',
    ];
    const data = file('counted.csv', rows.join('\n'));
    const { code, stdout, stderr } = await plumbline(['replay', data, ...BASE, '--id', 'key', '--json']);
    expect(code).toBe(0);
    expect(stderr.trimEnd().split('\n')).toEqual([
      `${data}: line 5002, column x: "oops" is not a number; the row is skipped.`,
      `${data}: line 5004, column said: it has no prediction; the row is skipped.`,
      `${data}: line 5007, column x: its quote is never closed; the row is skipped.`,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      rows: { replayed: 5_003, skipped: 3, bad: [{ line: 5_002, column: 'x' }, { line: 5_004 }, { line: 5_007 }] },
      performance: { predictions: 5_002, labeled: 5_001, pending: 1 },
      records: {
        rejected: { duplicate_id: 1 },
        labels: { joined: 5_001, duplicate: 1 },
        invalid_features: { 'x: missing': 1 },
      },
    });
  });

  test.each([
    ['not JSON', '{', 'is not JSON'],
    ['a foreign document', '{"format":"other"}', 'format: expected "plumbline.reference"'],
  ])('a reference that is %s: one sentence and exit 3', async (_name, content, message) => {
    const args = ['replay', file('r.csv', history(10)), ...BASE, '--reference', file('broken.json', content)];
    const { code, stdout, stderr } = await plumbline(args);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^plumbline: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });

  test('SIGINT before the end: 130, with the report so far', async () => {
    const data = file('slow.csv', `x,said,truth\n1,a,a\noops,a,a\n${'2,b,a\n'.repeat(100_000)}`);
    const running = startPlumbline(['replay', data, ...BASE, '--speed', '50', '--json']);
    await running.printed(/line 3, column x/, 'stderr');
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('Stopped before the end.');
    expect((JSON.parse(stdout) as { rows: { replayed: number } }).rows.replayed).toBeLessThan(100_000);
  });
});
