/** What the README and the app's first screen tell users to do, done. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChildren, REPOSITORY, start } from '../collector/cli/support/plumbline.ts';
import { codeBlocks, commandsOf, runExample } from './support/documents.ts';

/** Commands that other tests run: npm's own, and those that need more than npm. The file named must mention the words. */
const RUN_ELSEWHERE: Readonly<Record<string, { readonly file: string; readonly words: string }>> = {
  'npm ci && npm start': { file: 'test/collector/cli/npm-start.test.ts', words: "'start'" },
  'npm ci && npm test': { file: '.ci/run', words: 'npm test' },
  'npm run build': { file: '.ci/run', words: 'npm run build' },
  'npm run stack -- --grafana-home /usr/share/grafana': {
    file: 'test/provisioning/stack.test.ts',
    words: 'provisioning/stack/main.ts',
  },
  'npx --no-install plumbline serve --data ./plumbline-data': {
    file: 'test/collector/cli/serve.test.ts',
    words: "'serve'",
  },
  'npm start -- --drift': { file: 'test/collector/cli/demo-drift.test.ts', words: "'--drift'" },
  'docker compose up': { file: 'test/provisioning/compose.test.ts', words: 'docker-compose' },
};

const commands = commandsOf('README.md');
const runHere = commands.filter((command) => !(command in RUN_ELSEWHERE));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-readme-'));
});
afterAll(async () => {
  await endChildren();
  rmSync(folder, { recursive: true, force: true });
});

test.each(Object.entries(RUN_ELSEWHERE))('%s stands in the README and is run by another test', (command, where) => {
  expect(commands).toContain(command);
  expect(readFileSync(join(REPOSITORY, where.file), 'utf8')).toContain(where.words);
});

test('the other commands of the README do what it says, in its order', async () => {
  expect(runHere.map((command) => command.split(' ')[3])).toEqual(['profile', 'replay', 'demo']);
  const customers = Array.from({ length: 400 }, (_, row) => [20 + ((row * 7) % 60), row % 3 ? 'basic' : 'plus']);
  writeFileSync(join(folder, 'training.csv'), ['age,plan', ...customers].join('\n'));
  // Right in three of four rows.
  const history = customers.map(([age, plan], row) => `${age},${plan},${row % 4 ? 'stays' : 'leaves'},stays`);
  writeFileSync(join(folder, 'history.csv'), ['age,plan,predicted,actual', ...history].join('\n'));
  const outputs: string[] = [];
  for (const command of runHere) {
    const line = command.replaceAll(/\w+\.(csv|json)/g, (file) => join(folder, file));
    const { code, stdout, stderr } = await start('sh', ['-c', line]).ended;
    if (code !== 0) throw new Error(`${command}: ${stdout} ${stderr}`);
    outputs.push(stdout);
  }
  expect(outputs[0]).toContain('400 rows, 2 features');
  expect(outputs[1]).toMatch(/accuracy +│ 0\.7500/);
  expect(outputs[2]).toMatch(/accuracy +│ 0\.73/);
  expect(outputs[2]).toMatch(/previous label again: 0\.8578/);
}, 60_000);

test('the SDK example runs as it stands', async () => {
  const [example] = codeBlocks('README.md', 'js');
  const rows = Array.from({ length: 50 }, (_, age) => ({ age, plan: age % 2 ? 'basic' : 'plus' }));
  const before = `const trainingRows = ${JSON.stringify(rows)};`;
  const { code, stdout, stderr } = await runExample(example as string, before);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('labeled: 1');
  expect(stdout).toContain('insufficient_data');
});

test('the first prediction that the Grafana app shows runs as it stands', async () => {
  const source = readFileSync(join(REPOSITORY, 'grafana-plugin/src/pages/models/EmptyModels.tsx'), 'utf8');
  const [, example] = /FIRST_PREDICTION = `([^`]+)`/.exec(source) ?? [];
  const after = 'console.log(JSON.stringify(await monitor.performance()));';
  const { code, stdout, stderr } = await runExample(example as string, '', after);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ model: 'churn', labeled: 1, confusion: { leaves: { stays: 1 } } });
});

test('every file the README links to exists', () => {
  const links = Array.from(readFileSync(join(REPOSITORY, 'README.md'), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)\)/g));
  expect(links.length).toBeGreaterThan(5);
  expect(links.map(([, path]) => path as string).filter((path) => !existsSync(join(REPOSITORY, path)))).toEqual([]);
});
