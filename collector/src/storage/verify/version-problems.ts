/** Where the registry, the moves and the audit log tell different stories of a version. */
import type { WalkedAudit } from './audit-walk.ts';
import { versionKey } from './audit-walk.ts';

/** What is wrong with a version. */
export interface VersionProblem {
  readonly model: string;
  readonly version: string;
  readonly problem: string;
}

/** Differences, in the order of the versions. */
export function versionProblems({ versions, audited }: WalkedAudit): VersionProblem[] {
  const problems: VersionProblem[] = [];
  const live = new Set<string>();
  for (const { model, version, digest, stage, lastMove } of versions) {
    const tell = (problem: string) => void problems.push({ model, version, problem });
    const told = audited.get(versionKey(model, version));
    if (!told) tell('The audit log does not know that it was saved.');
    else if (told.digest !== digest) tell('Its digest is not the one the audit log has: the registry was changed.');
    else if (told.stage !== stage) tell(`It is in ${stage ?? 'no stage'}; the audit log says ${String(told.stage)}.`);
    if ((lastMove ?? 'development') !== stage) tell(`It is in ${stage ?? 'no stage'}; its last move says otherwise.`);
    if (stage === 'production' && live.has(model)) tell('It is in production beside another version.');
    if (stage === 'production') live.add(model);
  }
  const known = new Set(versions.map(({ model, version }) => versionKey(model, version)));
  for (const key of audited.keys()) {
    const [model = '', version = ''] = JSON.parse(key) as string[];
    if (!known.has(key)) problems.push({ model, version, problem: 'The audit log has it; the registry does not.' });
  }
  return problems;
}
