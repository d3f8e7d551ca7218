/** The commands and flags people type. What a command does is handed in: this room cannot see the service. */
import { Command, Option } from 'commander';
import { DEFAULT_WINDOW } from '../monitor/options.ts';
import type { RecordedTask } from './recorded-rows.ts';
import { decimal, nameList, wholeNumber } from './option-values.ts';
import { DEFAULT_SPEED } from './run-demo.ts';
import { addServe, addToken, type ServeActions } from './serve-commands.ts';
import { addMaterialise, addVerify, type MaterialiseFlags, type VerifyFlags } from './service-commands.ts';

const MAX_SPEED = 10_000_000;
const SPEED = decimal(0, MAX_SPEED, false);
const EXIT_CODES =
  '\nExit codes: 0 ok, 1 failure, 2 usage, 3 bad input file, 4 port in use, 130 interrupted (SIGINT).\n';

/** Flags of `plumbline demo`. */
export interface DemoFlags {
  readonly port?: number;
  readonly host?: string;
  readonly speed: number;
  readonly rows: number;
  readonly repeat: boolean;
  readonly drift: boolean;
  readonly zeroHold: number;
  readonly data?: string;
  readonly once: boolean;
  readonly json: boolean;
}

/** Flags of `plumbline replay`. */
export interface ReplayFlags {
  readonly model: string;
  readonly version: string;
  readonly prediction: string;
  readonly label: string;
  readonly task: RecordedTask;
  readonly labelDelay: number;
  readonly timestamp?: string;
  readonly score?: string;
  readonly positive?: string;
  readonly id?: string;
  readonly features?: string[];
  readonly reference?: string;
  readonly speed: number;
  readonly window: number;
  readonly json: boolean;
  readonly collector?: string;
  readonly token?: string;
}

/** Flags of `plumbline profile`. */
export interface ProfileFlags {
  readonly out: string;
  readonly features?: string[];
  readonly categorical: string[];
  readonly task: RecordedTask;
  readonly prediction?: string;
  readonly label?: string;
  readonly score?: string;
  readonly json: boolean;
}

/** What the commands do; `file` is their argument. */
export interface Actions extends ServeActions {
  readonly verify: (flags: VerifyFlags) => Promise<void>;
  readonly materialise: (flags: MaterialiseFlags) => Promise<void>;
  readonly demo: (flags: DemoFlags) => Promise<void>;
  readonly replay: (file: string, flags: ReplayFlags) => Promise<void>;
  readonly profile: (file: string, flags: ProfileFlags) => Promise<void>;
}

/**
 * The program with its commands and flags. A usage error is thrown as commander's error and printed by the caller.
 * @param version of the package
 */
export function createProgram(version: string, actions: Actions): Command {
  const program = new Command('plumbline')
    .description('Watches machine-learning models: performance and drift as OpenTelemetry metrics.')
    .version(version)
    .enablePositionalOptions() // `replay` has a --version of its own
    .exitOverride()
    .configureOutput({ outputError: () => {} }) // said once, by the caller
    .showSuggestionAfterError(true)
    .addHelpText('after', EXIT_CODES);
  addServe(program, actions.serve);
  addDemo(program, actions.demo);
  addReplay(program, actions.replay);
  addProfile(program, actions.profile);
  addToken(program, actions);
  addVerify(program, actions.verify);
  addMaterialise(program, actions.materialise);
  return program;
}

function addDemo(program: Command, action: Actions['demo']): void {
  program
    .command('demo')
    .description('run the collector, fed with a small model on real data, replayed as live traffic')
    .option('--port <port>', 'port to serve on, 0 for any free one (PLUMBLINE_PORT, 8080)', wholeNumber(0, 65_535))
    .option('--host <host>', 'address to serve on (PLUMBLINE_HOST, 127.0.0.1)')
    .option('--speed <rows>', 'rows per second', SPEED, DEFAULT_SPEED)
    .option('--rows <count>', 'rows to replay, at most what there is', wholeNumber(1, 1_000_000), 1_000_000)
    .option('--repeat', 'start over for ever', false)
    .addOption(
      new Option('--drift', 'go once round the loop: drift, retraining, experiment, promotion (about three minutes)')
        .default(false)
        .conflicts(['repeat', 'rows']),
    )
    .option(
      '--zero-hold <seconds>',
      'how long a new series shows 0; the scrape interval or more',
      decimal(0, 3600, true),
      15,
    )
    .option('--data <folder>', 'keep what the service stores there (default: nothing is kept)')
    .option('--once', 'exit after the report instead of serving on', false)
    .option('--json', 'one JSON object per line', false)
    .action(action);
}

function addReplay(program: Command, action: Actions['replay']): void {
  program
    .command('replay')
    .description('send recorded predictions through a monitor and report')
    .argument('<file>', 'CSV file with a header, plain or gzip')
    .requiredOption('--model <name>', 'name of the model')
    .requiredOption('--version <name>', 'its version')
    .requiredOption('--prediction <column>', 'column of the predicted class or number')
    .requiredOption('--label <column>', 'column of what came true; an empty cell leaves the row unlabelled')
    .addOption(taskOption())
    .option('--label-delay <rows>', 'rows after which a label arrives', wholeNumber(0, 10_000_000), 0)
    .option('--timestamp <column>', 'column of the time (RFC 3339 or epoch)')
    .option('--score <column>', 'column of the positive class’s probability')
    .option('--positive <class>', 'the class whose probability --score is: ROC-AUC, Brier, calibration, estimates')
    .option('--id <column>', 'column of the prediction id')
    .option(
      '--features <columns>',
      'feature columns, separated by commas (default: all without another meaning)',
      nameList,
    )
    .option('--reference <file>', 'reference profile (default: made of the first 5,000 rows)')
    .option('--speed <rows>', 'rows per second (default: as fast as possible)', SPEED, Number.POSITIVE_INFINITY)
    .option('--window <rows>', 'predictions per drift window', wholeNumber(10, 1_000_000), DEFAULT_WINDOW)
    .option('--json', 'print the report as JSON', false)
    .option('--collector <url>', 'send to this collector, and print its report')
    .option('--token <token>', 'token for the collector (scopes ingest and read; better: PLUMBLINE_TOKEN)')
    .action(action);
}

function addProfile(program: Command, action: Actions['profile']): void {
  program
    .command('profile')
    .description('make a reference profile of the rows a model was made on')
    .argument('<file>', 'CSV file with a header, plain or gzip')
    .requiredOption('--out <file>', 'where the profile goes')
    .option(
      '--features <columns>',
      'columns to profile, separated by commas (default: all without another meaning)',
      nameList,
    )
    .option('--categorical <columns>', 'columns to take as categories although they hold numbers', nameList, [])
    .addOption(taskOption())
    .option('--prediction <column>', 'column of the predicted class or number, so that its drift is seen too')
    .option('--label <column>', 'column of what came true: no feature; of a regression, what R² is counted about')
    .option('--score <column>', 'column of the score, so that its drift is seen too')
    .option('--json', 'print the result as JSON', false)
    .action(action);
}

function taskOption(): Option {
  return new Option('--task <task>', 'what the model predicts')
    .choices(['classification', 'regression'])
    .default('classification');
}
