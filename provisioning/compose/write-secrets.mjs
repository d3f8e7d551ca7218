/**
 * Writes the secrets that docker-compose hands to Grafana and to the collector: those of the environment, else those of the last
 * start, else new ones. Plain JavaScript, because it runs alone in its container. Nothing is printed.
 *
 *   node write-secrets.mjs GRAFANA_FILE COLLECTOR_FILE
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** The app's tokens are valid for a person alone whose identity Grafana has signed. */
const TOKENS = new Map([
  ['PLUMBLINE_READ_TOKEN', 'read+identity'],
  ['PLUMBLINE_OPERATE_TOKEN', 'operate+identity'],
  ['PLUMBLINE_ADMIN_TOKEN', 'admin+identity'],
  ['PLUMBLINE_ALERT_TOKEN', 'alerts'],
]);
const NAMES = [...TOKENS.keys(), 'PLUMBLINE_ALERT_HMAC', 'GF_SECURITY_ADMIN_PASSWORD'];

const [grafanaFile, collectorFile] = process.argv.slice(2);
const kept = existsSync(grafanaFile) ? parse(readFileSync(grafanaFile, 'utf8')) : new Map();
// The letter in front keeps Grafana's provisioning from reading a secret of digits as a number.
const made = () => `s${randomBytes(18).toString('base64url')}`;
const secrets = Object.fromEntries(NAMES.map((name) => [name, process.env[name] || kept.get(name) || made()]));

// A comma would end the token in PLUMBLINE_TOKENS, a space would end it in the header of a request.
const unfit = [...TOKENS.keys()].find((name) => !/^[^\s,]+$/.test(secrets[name]));
if (unfit !== undefined) {
  process.stderr.write(`${unfit} may hold neither spaces nor commas. Choose another.\n`);
  process.exit(2);
}

// Tokens that PLUMBLINE_TOKENS names already (for a program that sends predictions) stay.
const own = process.env.PLUMBLINE_TOKENS ? [process.env.PLUMBLINE_TOKENS] : [];
const tokens = [...own, ...[...TOKENS].map(([name, scopes]) => `${scopes}:${secrets[name]}`)].join(',');

// Both run as other users than this script; each file's volume is mounted in its reader alone, so none sees the other's secrets.
write(grafanaFile, secrets);
write(collectorFile, { PLUMBLINE_TOKENS: tokens, PLUMBLINE_ALERT_HMAC: secrets.PLUMBLINE_ALERT_HMAC });

/** For the shell that reads it: in single quotes, and a quote of the value written as '\''. */
function write(file, values) {
  const line = ([name, value]) => `${name}='${value.replaceAll("'", "'\\''")}'\n`;
  writeFileSync(file, Object.entries(values).map(line).join(''), { mode: 0o644 });
}

function parse(text) {
  const pairs = text.split('\n').map((line) => /^(\w+)='(.*)'$/.exec(line));
  return new Map(pairs.flatMap((match) => (match ? [[match[1], match[2].replaceAll("'\\''", "'")]] : [])));
}
