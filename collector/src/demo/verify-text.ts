/** The report of `plumbline verify` for people. */
import type { VerifyReport } from '../storage/verify/verify-store.ts';
import { PlumblineError } from '../errors.ts';

/** Problems told one by one at most, of each kind. */
const SHOWN = 20;

/** One line for each thing that was looked at, and for each that is wrong. */
export function verifyText({ database, audit, versions, orphans }: VerifyReport): string {
  return [
    `database   ${database.engine}: ${verdict(database.problems.length)}`,
    ...indented(database.problems),
    `audit log  ${audit.entries} entries: ${verdict(audit.problems.length)}`,
    ...indented(audit.problems.map(({ seq, problem }) => `${seq}: ${problem}`)),
    `           head ${audit.head.seq} ${audit.head.hash}`,
    `versions   ${versions.checked}, ${versions.files} files, ${versions.bytes} bytes: ${verdict(versions.problems.length)}`,
    ...indented(versions.problems.map(({ model, version, problem }) => `${model} ${version}: ${problem}`)),
    ...(orphans.length > 0
      ? [`left over  ${orphans.length} artifacts of saves that never ended; the service removes them`]
      : []),
  ].join('\n');
}

/** The error of a store that is not sound: `not_sound`, whose exit code is 1. */
export function notSound({ database, audit, versions }: VerifyReport): PlumblineError {
  const count = database.problems.length + audit.problems.length + versions.problems.length;
  const help = 'Keep a copy as it is, then restore the last backup that verifies.';
  const message = `${count} ${count === 1 ? 'thing is' : 'things are'} not as the service left them.`;
  return new PlumblineError('not_sound', message, help);
}

function verdict(problems: number): string {
  return problems === 0 ? 'sound' : `${problems} wrong`;
}

function indented(lines: readonly string[]): string[] {
  const more = lines.length - SHOWN;
  return [...lines.slice(0, SHOWN), ...(more > 0 ? [`and ${more} more (--json names all)`] : [])].map(
    (line) => `           ${line}`,
  );
}
