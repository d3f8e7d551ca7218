import { useState } from 'react';
import { useChangePolicy } from '../../control-plane/actions';
import type { Problem } from '../../control-plane/problem';
import type { Policy } from '../../control-plane/types';
import { changeOf, draftOf, faultsOf, isChanged, type PolicyDraft, rebased } from './policy-draft';

/** The form's state and what can be done with it. */
export interface PolicyForm {
  draft: PolicyDraft;
  edit: (changes: Partial<PolicyDraft>) => void;
  faults: readonly string[];
  isChanged: boolean;
  pending: boolean;
  problem: Problem | null;
  /** The policy as somebody else has made it since this form began; undefined while nobody has. */
  theirs: Policy | undefined;
  save: () => void;
  /** Gives up what was typed and begins anew with the policy as it is. */
  takeTheirs: () => void;
  /** Keeps what was typed, over what others have changed meanwhile. */
  keepMine: () => void;
}

/**
 * A form over the policy as it was when somebody began to type. `current` may move on under it; what was typed stays, and is saved only
 * against the revision it was typed on.
 */
export function usePolicyForm(model: string, current: Policy): PolicyForm {
  const [base, setBase] = useState(current);
  const [draft, setDraft] = useState(() => draftOf(current));
  const change = useChangePolicy(model);
  const begin = (policy: Policy) => {
    setBase(policy);
    setDraft(draftOf(policy));
    change.reset();
  };
  const changed = isChanged(draft, base);
  const movedOn = current.revision !== base.revision;
  // Where nothing was typed there is nothing to decide.
  if (movedOn && !changed) {
    begin(current);
  }
  const faults = faultsOf(draft);
  return {
    draft,
    edit: (changes) => setDraft((before) => ({ ...before, ...changes })),
    faults,
    isChanged: changed,
    pending: change.isPending,
    problem: change.error?.details.code === 'conflict' && movedOn ? null : change.error,
    theirs: movedOn && changed ? current : undefined,
    save: () => change.mutate(changeOf(draft, base), { onSuccess: begin }),
    takeTheirs: () => begin(current),
    keepMine: () => {
      setDraft(rebased(draft, base, current));
      setBase(current);
      change.reset();
    },
  };
}
