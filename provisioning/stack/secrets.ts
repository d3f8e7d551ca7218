/** Generated secrets. They are kept in a file of the data folder, for the next start on it; nothing prints them. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { StackError } from './errors.ts';

/** The secrets among the variables of the provisioned files, and Grafana's admin password. */
export const SECRET_NAMES = [
  'PLUMBLINE_READ_TOKEN',
  'PLUMBLINE_OPERATE_TOKEN',
  'PLUMBLINE_ADMIN_TOKEN',
  'PLUMBLINE_ALERT_TOKEN',
  'PLUMBLINE_ALERT_HMAC',
  'GF_SECURITY_ADMIN_PASSWORD',
] as const;

export type Secrets = Readonly<Record<(typeof SECRET_NAMES)[number], string>>;

/**
 * Given in the environment, else read from the file, else made; then written to the file.
 * @throws StackError (2) naming a token that no request could carry
 */
export function readOrMakeSecrets(file: string, env: NodeJS.ProcessEnv): Secrets {
  const kept = existsSync(file) ? parseLines(readFileSync(file, 'utf8')) : new Map<string, string>();
  const pairs = SECRET_NAMES.map((name) => [name, env[name] || kept.get(name) || makeSecret()] as const);
  for (const [name, value] of pairs) if (name.endsWith('_TOKEN')) checkToken(name, value);
  writeFileSync(file, pairs.map(([name, value]) => `${name}=${value}\n`).join(''), { mode: 0o600 });
  return Object.fromEntries(pairs) as Secrets;
}

/** 144 random bits. The letter in front keeps Grafana's provisioning from reading a secret of digits as a number. */
export function makeSecret(): string {
  return `s${randomBytes(18).toString('base64url')}`;
}

/** A comma would end the token in PLUMBLINE_TOKENS, a space would end it in the header of a request. */
function checkToken(name: string, value: string): void {
  if (!/^[^\s,]+$/.test(value)) throw new StackError(`${name} may hold neither spaces nor commas. Choose another.`, 2);
}

function parseLines(text: string): Map<string, string> {
  const pairs = text.split('\n').map((line) => /^(\w+)=(.*)$/.exec(line));
  return new Map(pairs.flatMap((match) => (match?.[1] ? [[match[1], match[2] ?? '']] : [])));
}
