/** Replays of score models and of regressions. */
import { BASE, history } from './support/history.ts';
import { endChildren, plumbline, temporaryFolder } from './support/plumbline.ts';

const folder = temporaryFolder();
const { file } = folder;
afterEach(endChildren);
afterAll(folder.remove);

describe('plumbline replay of other models', () => {
  test('a score of the positive class: areas, losses, calibration and estimates', async () => {
    const data = file('scores.csv', history(2_000));
    const flags = ['--score', 'sure', '--positive', 'up', '--features', 'x'];
    const { code, stdout } = await plumbline(['replay', data, ...BASE, ...flags]);
    expect(code).toBe(0);
    expect(stdout).toContain('2,000 of 2,000 predictions labelled, 0 pending: final');
    // 1,500 of 2,000 rows are right; a score that is always 0.75 ranks nothing, and 0.75 of the labels are "up".
    expect(stdout).toMatch(/accuracy +│ 0\.7500 │ 0\.7306 to 0\.7685 │ 2,000/);
    expect(stdout).toMatch(/roc_auc +│ 0\.5000/);
    expect(stdout).toMatch(/brier +│ 0\.1875/);
    expect(stdout).toMatch(/ece +│ 0\.0000 │ 0\.0000 to 0\.0\d+/);
    expect(stdout).toMatch(/accuracy, estimated +│ 0\.7498/);
  });

  test('a regression: errors, its drift by the predicted value, numbers that are none as bad rows', async () => {
    const rows = Array.from(
      { length: 6_000 },
      (_, row) => `${row % 97},${row % 97},${(row % 97) + (row % 2 ? 3 : -1)}`,
    );
    const data = file('numbers.csv', ['x,said,truth', ...rows, '1,much,2', '1,2,much', '1,2,'].join('\n'));
    const { code, stdout, stderr } = await plumbline(['replay', data, ...BASE, '--task', 'regression']);
    expect(code).toBe(0);
    expect(stderr).toContain('line 6002, column said: "much" is not a number');
    expect(stderr).toContain('line 6003, column truth: "much" is not a number');
    expect(stdout).toContain('6,000 of 6,001 predictions labelled, 1 pending: provisional');
    expect(stdout).toMatch(/mae +│ 2 /);
    expect(stdout).toMatch(/rmse +│ 2\.2361 /);
    expect(stdout).toMatch(/bias +│ -1 /);
    expect(stdout).toMatch(/__prediction__ +│ KS/);
    expect(stdout).not.toContain('accuracy');
  });

  test.each([
    [['--task', 'ranking'], "argument 'ranking' is invalid. Allowed choices are classification, regression."],
    [['--task', 'regression', '--positive', 'up'], 'positiveClass: has no meaning for the task "regression".'],
  ])('%p is refused', async (flags, message) => {
    const { code, stderr } = await plumbline(['replay', file('few.csv', history(3)), ...BASE, ...flags]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

test('what makes a window doubtful is told: rows that depend on each other, faults, a feature that hangs, drift that lasts', async () => {
  const rows = Array.from({ length: 20_000 }, (_, row) => {
    const late = row >= 5_000;
    const plan = late && row % 5 === 0 ? 'new' : row % 2 ? 'a' : 'b';
    return [Math.sin(row / 50), late ? (row % 9 ? 5 : '') : (row * 37) % 1000, plan, 'y', row % 3 ? 'y' : 'n'].join(
      ',',
    );
  });
  const data = file('doubtful.csv', ['wave,x,plan,said,truth', ...rows].join('\n'));
  const { code, stdout } = await plumbline(['replay', data, ...BASE]);
  expect(code).toBe(0);
  expect(stdout).toContain('Lasting drift (3 of the last 3 windows drifted): yes');
  expect(stdout).toMatch(/Rows depend on those before them, so that p-values are too small: wave(\n|, )/);
  expect(stdout).toContain(
    'More faulty values than in the reference: x missing 11.1 % (reference 0.0 %), x constant, plan unseen 20.0 % (reference 0.0 %)',
  );
});
