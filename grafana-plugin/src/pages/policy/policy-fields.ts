import type { PolicyDraft } from './policy-draft';

/** What every part of the form is given. */
export interface PolicyFieldsProps {
  draft: PolicyDraft;
  edit: (changes: Partial<PolicyDraft>) => void;
  /** Paths of what cannot be saved. */
  faults: readonly string[];
  /** For those who may only look. */
  disabled: boolean;
}
