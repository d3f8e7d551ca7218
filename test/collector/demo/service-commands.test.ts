/** Flags of `plumbline verify` and `plumbline materialise`. */
import { Command } from 'commander';
import {
  addMaterialise,
  addVerify,
  type MaterialiseFlags,
  type VerifyFlags,
} from '../../../collector/src/demo/service-commands.ts';

async function run(...line: string[]): Promise<MaterialiseFlags | VerifyFlags | undefined> {
  let flags: MaterialiseFlags | VerifyFlags | undefined;
  const take = (given: MaterialiseFlags | VerifyFlags) => {
    flags = given;
    return Promise.resolve();
  };
  const program = new Command('plumbline')
    .version('0.0.0')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  addVerify(program, take);
  addMaterialise(program, take);
  for (const command of program.commands) command.exitOverride();
  await program.parseAsync(line, { from: 'user' });
  return flags;
}

test('defaults and every flag', async () => {
  expect(await run('verify')).toEqual({ json: false });
  expect(await run('verify', '--data', 'd', '--json')).toEqual({ data: 'd', json: true });
  const least = ['materialise', '--model', 'churn', '--to', 'here'];
  const switches = { force: false, link: false, json: false };
  expect(await run(...least, '--version', '2')).toEqual({ model: 'churn', to: 'here', version: '2', ...switches });
  expect(await run(...least, '--stage', 'production', '--collector', 'http://x', '--token', 't', '--link')).toEqual({
    ...{ model: 'churn', to: 'here', stage: 'production', collector: 'http://x', token: 't' },
    ...{ ...switches, link: true },
  });
});

test.each([
  ['without a place', ['--model', 'churn']],
  ['a version and an alias', ['--model', 'churn', '--to', 'x', '--version', '1', '--alias', 'champion']],
  ['an alias and a stage', ['--model', 'churn', '--to', 'x', '--stage', 'staging', '--alias', 'champion']],
  ['a stage that is none', ['--model', 'churn', '--to', 'x', '--stage', 'live']],
  [
    'two places to take it from',
    ['--model', 'churn', '--to', 'x', '--version', '1', '--data', 'd', '--collector', 'u'],
  ],
])('%s is a usage error', async (_what, flags) => {
  await expect(run('materialise', ...flags)).rejects.toMatchObject({ code: expect.stringContaining('commander.') });
});
