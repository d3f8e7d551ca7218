/** What the audit holds of the loop. */
import type { AuditRecord } from '../../../collector/src/audit/audit-event.ts';
import type { Run } from '../../../collector/src/retraining/run.ts';
import type { Collector } from './collector.ts';
import { MODEL } from './loop.ts';
import { answer } from './watching.ts';

/** All about the model, oldest first. */
export async function auditOf(on: Collector): Promise<readonly AuditRecord[]> {
  const path = `/v1/audit?model=${MODEL}&limit=500`;
  const { items } = await answer<{ readonly items: readonly AuditRecord[] }>(on, ['GET', path]);
  return items.toReversed();
}

// As PLUMBLINE_TOKENS names them, and the service where it acts by a policy.
const OPERATOR = 'environment 2 (operate)';
const ADMIN = 'environment 3 (admin)';
const GRAFANA = 'environment 4 (alerts)';
const SERVICE = 'plumbline';

const ACCURACY = { metric: 'accuracy', source: 'live', n: expect.any(Number), value: expect.any(Number) } as const;
const STABILITY = { ...ACCURACY, metric: 'stability', met: true } as const;
const MET = { ...ACCURACY, met: true } as const;

/** Who did what, and on what evidence, in this order and nothing else. */
export function expectedAudit({ run }: Run, experiment: string, item: string): readonly object[] {
  const alert = (fingerprint: string) => [{ fingerprint, labels: expect.objectContaining({ model: MODEL }) as object }];
  const entry = (action: string, subject: string | null, name: string, evidence: unknown = null) => {
    return { action, subject, actor: expect.objectContaining({ name }) as object, evidence };
  };
  return [
    entry('model.changed', null, ADMIN),
    entry('version.saved', '1', OPERATOR),
    entry('transition.refused', '1', OPERATOR, { gates: [{ ...ACCURACY, need: 0.85, met: false }] }),
    entry('policy.changed', null, ADMIN),
    entry('version.promoted', '1', OPERATOR, { gates: [MET], policyRevision: 1 }),
    entry('version.promoted', '1', OPERATOR, { gates: [MET, STABILITY], policyRevision: 1 }),
    entry('retraining.started', run, GRAFANA, alert('a1')),
    entry('version.saved', '2', SERVICE),
    entry('experiment.created', experiment, SERVICE),
    entry('experiment.started', experiment, SERVICE),
    entry('retraining.finished', run, SERVICE),
    entry('retraining.refused', 'alert', GRAFANA, alert('a2')),
    entry('feedback.reviewed', item, OPERATOR, { correct: false }),
    entry('version.promoted', '2', OPERATOR, { gates: [MET] }),
    entry('experiment.ended', experiment, ADMIN),
    entry('version.deprecated', '1', OPERATOR, { replacedBy: '2' }),
    entry('version.promoted', '2', OPERATOR, { gates: [MET, STABILITY] }),
    entry('version.deprecated', '2', OPERATOR, { replacedBy: '1' }),
    entry('version.rolled_back', '1', OPERATOR, { artifactVerified: expect.any(String) }),
  ];
}
