/** Registry and lifecycle over a real store, with a clock and evidence a test can set. */
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../../../collector/src/audit/audit-event.ts';
import type { EvidenceQuery, LiveEvidence } from '../../../../collector/src/lifecycle/evidence.ts';
import { createLifecycle } from '../../../../collector/src/lifecycle/lifecycle-service.ts';
import type { Transition } from '../../../../collector/src/lifecycle/lifecycle.ts';
import type { ArtifactLimits } from '../../../../collector/src/registry/artifact-intake.ts';
import type { ArtifactStore } from '../../../../collector/src/registry/artifact-store.ts';
import type { Act, ArtifactSource, NewVersion } from '../../../../collector/src/registry/model-version.ts';
import { createRegistry } from '../../../../collector/src/registry/registry-service.ts';
import { createAllowedRoots } from '../../../../collector/src/storage/artifacts/allowed-roots.ts';
import { createAuditReader } from '../../../../collector/src/storage/audit-log.ts';
import type { Database } from '../../../../collector/src/storage/database.ts';
import { createRegistryStore } from '../../../../collector/src/storage/registry-store.ts';

export const ANNA: Actor = { name: 'anna', role: 'Admin', verified: true, token: 'token-1' };
export const ACT: Act = { actor: ANNA, requestId: 'request-1' };
/** No traffic. */
export const QUIET: LiveEvidence = { labeled: 0, metrics: {}, windows: [] };

/** Traffic of so many windows of 200 labels with these accuracies. */
export function traffic(...accuracies: readonly number[]): LiveEvidence {
  const windows = accuracies.map((accuracy) => ({ correct: Math.round(accuracy * 200), total: 200 }));
  const labeled = windows.length * 200;
  const correct = windows.reduce((sum, window) => sum + window.correct, 0);
  return { labeled, windows, metrics: { accuracy: { value: correct / labeled, n: labeled } } };
}
/** Good enough for every gate. */
export const GOOD = traffic(0.93, 0.92, 0.94, 0.93, 0.93);

/** Files as an upload brings them. */
export function upload(files: Readonly<Record<string, string | Uint8Array>>): ArtifactSource {
  async function* chunks(content: string | Uint8Array) {
    yield Buffer.from(content as string);
  }
  async function* all() {
    for (const [path, content] of Object.entries(files)) yield { path, content: chunks(content) };
  }
  return { kind: 'upload', files: all() };
}

export interface ControlOptions {
  readonly roots?: readonly string[];
  readonly limits?: ArtifactLimits;
}

/** Both services over one database. */
export function control(database: Database, artifacts: ArtifactStore, options: ControlOptions = {}) {
  const state = { now: Date.UTC(2026, 0, 1), live: QUIET as LiveEvidence | ((query: EvidenceQuery) => LiveEvidence) };
  const moves: Transition[] = [];
  const changes: string[] = [];
  const store = createRegistryStore(database);
  const shared = {
    store,
    artifacts,
    now: () => state.now,
    onChange: (model: string) => void changes.push(model),
  };
  const registry = createRegistry({
    ...shared,
    paths: createAllowedRoots(options.roots ?? []),
    newId: randomUUID,
    ...(options.limits && { limits: options.limits }),
  });
  const live = (query: EvidenceQuery) =>
    Promise.resolve(typeof state.live === 'function' ? state.live(query) : state.live);
  const lifecycle = createLifecycle({
    ...shared,
    evidence: { store: { live } },
    onMove: (transition) => void moves.push(transition),
  });
  return {
    registry,
    lifecycle,
    store,
    audit: createAuditReader(database),
    state,
    moves,
    changes,
    save: (given: Partial<NewVersion> = {}, files: Record<string, string> = { 'model.bin': 'weights' }) =>
      registry.save({ model: 'churn', ...given }, upload(files), ACT),
    move: (version: string, to: 'staging' | 'production' | 'deprecated', override = false) =>
      lifecycle.transition('churn', version, { to, reason: override ? 'because' : '', override }, ACT),
  };
}

export type Control = ReturnType<typeof control>;

/** Everything an iteration of bytes gives. */
export async function bytesOf(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}
