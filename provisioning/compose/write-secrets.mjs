/**
 * Writes the secrets that docker-compose hands to Grafana: those of the environment, else those of the last start, else
 * new ones. Plain JavaScript, because it runs alone in its container. Nothing is printed.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const NAMES = [
  'PLUMBLINE_READ_TOKEN',
  'PLUMBLINE_OPERATE_TOKEN',
  'PLUMBLINE_ADMIN_TOKEN',
  'PLUMBLINE_ALERT_TOKEN',
  'PLUMBLINE_ALERT_HMAC',
  'GF_SECURITY_ADMIN_PASSWORD',
];

const [file] = process.argv.slice(2);
const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];

const kept = (name) => lines.find((line) => line.startsWith(`${name}=`));
// For the shell that reads it: in single quotes, and a quote of the value written as '\''.
const given = (name) => process.env[name] && `${name}='${process.env[name].replaceAll("'", "'\\''")}'`;
// The letter in front keeps Grafana's provisioning from reading a secret of digits as a number.
const made = (name) => `${name}='s${randomBytes(18).toString('base64url')}'`;

// Grafana runs as another user and reads the file; the volume is mounted nowhere else.
writeFileSync(file, NAMES.map((name) => `${given(name) || kept(name) || made(name)}\n`).join(''), { mode: 0o644 });
