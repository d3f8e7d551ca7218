/** `plumbline serve` and `plumbline token`: their flags. What they do is handed in. */
import { InvalidArgumentError, type Command } from 'commander';
import { isScope, SCOPES, type Scope } from '../audit/scopes.ts';
import { wholeNumber } from './option-values.ts';

/** Flags of `plumbline serve`. */
export interface ServeFlags {
  readonly port?: number;
  readonly host?: string;
  readonly data?: string;
  readonly json: boolean;
}

/** Flags of `plumbline token create`. */
export interface TokenCreateFlags {
  readonly scope: readonly Scope[];
  readonly name?: string;
  readonly requireIdentity: boolean;
  readonly data?: string;
  readonly json: boolean;
}

/** Flags of the other token commands. */
export interface TokenFlags {
  readonly data?: string;
  readonly json: boolean;
}

/** What the commands do. */
export interface ServeActions {
  readonly serve: (flags: ServeFlags) => Promise<void>;
  readonly tokenCreate: (flags: TokenCreateFlags) => Promise<void>;
  readonly tokenList: (flags: TokenFlags) => Promise<void>;
  readonly tokenRevoke: (id: string, flags: TokenFlags) => Promise<void>;
}

const DATA = ['--data <folder>', 'folder of the service’s files (PLUMBLINE_DATA, plumbline-data)'] as const;
const JSON_FLAG = ['--json', 'print JSON', false] as const;

/** Adds `plumbline serve`. */
export function addServe(program: Command, action: ServeActions['serve']): void {
  program
    .command('serve')
    .description('run the collector: ingest, registry, lifecycle, answers and metrics over HTTP')
    .option('--port <port>', 'port to serve on, 0 for any free one (PLUMBLINE_PORT, 8080)', wholeNumber(0, 65_535))
    .option('--host <host>', 'address to serve on (PLUMBLINE_HOST, 127.0.0.1); another than loopback needs a token')
    .option(...DATA)
    .option('--json', 'one JSON object per line', false)
    .action(action);
}

/** Adds `plumbline token create`, `list` and `revoke`. */
export function addToken(program: Command, actions: ServeActions): void {
  const token = program.command('token').description('make, show and revoke tokens of the collector');
  token
    .command('create')
    .description('make a token and print it; it is shown this once')
    .requiredOption('--scope <scope>', `what it may do: ${SCOPES.join(', ')}; may be given again`, scopes)
    .option('--name <name>', 'what the audit log calls it')
    .option('--require-identity', 'valid only together with an identity signed by Grafana', false)
    .option(...DATA)
    .option(...JSON_FLAG)
    .action(actions.tokenCreate);
  token
    .command('list')
    .description('show the tokens, without their texts')
    .option(...DATA)
    .option(...JSON_FLAG)
    .action(actions.tokenList);
  token
    .command('revoke')
    .description('end a token')
    .argument('<id>', 'as token list shows it')
    .option(...DATA)
    .option(...JSON_FLAG)
    .action(actions.tokenRevoke);
}

function scopes(text: string, before: readonly Scope[] = []): Scope[] {
  if (!isScope(text)) throw new InvalidArgumentError(`Scopes are ${SCOPES.join(', ')}.`);
  return [...new Set([...before, text])];
}
