/** Commands on what the service keeps: their flags. What they do is handed in. */
import { Option, type Command } from 'commander';

/** Flags of `plumbline verify`. */
export interface VerifyFlags {
  readonly data?: string;
  readonly json: boolean;
}

/** Flags of `plumbline materialise`. */
export interface MaterialiseFlags {
  readonly model: string;
  readonly version?: string;
  readonly alias?: string;
  readonly stage?: string;
  readonly to: string;
  readonly force: boolean;
  readonly link: boolean;
  readonly data?: string;
  readonly collector?: string;
  readonly token?: string;
  readonly json: boolean;
}

const STAGES = ['development', 'staging', 'production', 'deprecated'];
const DATA = ['--data <folder>', 'folder of the service’s files (default: PLUMBLINE_DATA)'] as const;

/** Adds `plumbline verify`. */
export function addVerify(program: Command, action: (flags: VerifyFlags) => Promise<void>): void {
  program
    .command('verify')
    .description('check that database, artifacts and audit log are sound; exits 1 when they are not')
    .option(...DATA)
    .option('--json', 'print the report as JSON', false)
    .action(action);
}

/** Adds `plumbline materialise`. */
export function addMaterialise(program: Command, action: (flags: MaterialiseFlags) => Promise<void>): void {
  program
    .command('materialise')
    .description('write the files of a version to a folder, checked and all at once')
    .requiredOption('--model <name>', 'name of the model')
    .option('--version <name>', 'the version')
    .addOption(new Option('--alias <name>', 'the version with this alias').conflicts('version'))
    .addOption(
      new Option('--stage <stage>', 'the newest version of this stage').choices(STAGES).conflicts(['version', 'alias']),
    )
    .requiredOption('--to <folder>', 'where the files go')
    .option('--force', 'replace a folder that holds something else', false)
    .option('--link', 'make it a symbolic link that later calls move at once', false)
    .option(...DATA)
    .addOption(new Option('--collector <url>', 'get the files from a collector instead').conflicts('data'))
    .option('--token <token>', 'token for the collector (scope read; default: PLUMBLINE_TOKEN)')
    .option('--json', 'print the result as JSON', false)
    .action(action);
}
