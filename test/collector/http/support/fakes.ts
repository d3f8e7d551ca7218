/** Rooms behind the HTTP edge that answer from memory, as the edge's interfaces promise, and note what they were asked. */
import type { AccessToken, Tokens } from '../../../../collector/src/audit/access-token.ts';
import { hashToken } from '../../../../collector/src/audit/access-token.ts';
import type { AuditQuery, AuditReader, AuditRecord } from '../../../../collector/src/audit/audit-event.ts';
import type { KeptAnswer, KeptAnswers } from '../../../../collector/src/audit/repeated-request.ts';
import { PlumblineError } from '../../../../collector/src/errors.ts';
import type { Ingest, IngestAnswers, IngestResult } from '../../../../collector/src/labels/ingest.ts';
import type { GateResult, Lifecycle, Policy, Transition } from '../../../../collector/src/lifecycle/lifecycle.ts';
import { mergePolicy } from '../../../../collector/src/lifecycle/policy.ts';
import { DEFAULT_RETRAINING } from '../../../../collector/src/lifecycle/retraining-policy.ts';
import type { Act, Model, Registry, Version } from '../../../../collector/src/registry/model-version.ts';
import { untyped } from '../../support/core.ts';

/** A call to one of the rooms. */
export interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
}

export const ACTOR = { name: 'ops', role: null, verified: false, token: 't1' };

export function version(model: string, name: string): Version {
  return {
    ...{ model, version: name, registered: true, description: 'first', createdAt: '2026-01-01T00:00:00.000Z' },
    ...{ digest: 'd'.repeat(64), origin: 'upload', stage: 'staging', aliases: ['best'], tags: { team: 'risk' } },
    files: [{ path: 'model.bin', size: 5, sha256: 'a'.repeat(64) }],
    ...{ metrics: { accuracy: 0.9 }, reference: null, referenceDigest: null, validation: null },
  } as Version;
}

const MODEL: Model = {
  ...{ model: 'churn', registered: true, createdAt: '2026-01-01T00:00:00.000Z', production: '2', versions: 2 },
  task: 'classification',
};

export const GATE: GateResult = {
  ...{ metric: 'accuracy', need: 0.85, direction: 'at_least', value: 0.8, n: 1000, met: false },
  ...{ source: 'live', why: 'below the need' },
} as GateResult;

const TRANSITION: Transition = {
  ...{ model: 'churn', version: '2', from: 'staging', to: 'production', kind: 'promoted' },
  ...{ at: '2026-01-02T00:00:00.000Z', actor: ACTOR, reason: 'better', evidence: { gates: [] } },
} as Transition;

const POLICY: Policy = {
  ...{ model: 'churn', revision: 1, gates: { staging: [{ metric: 'accuracy', min: 0.85 }], production: [] } },
  ...{ evidence: { windowDays: 30, minimum: 1000, source: 'store' }, thresholds: {}, retentionDays: 30 },
  ...{ labelDeadlineSeconds: 86_400, labelExpirySeconds: 2_592_000, predictCommand: null },
  retraining: DEFAULT_RETRAINING,
} as Policy;

export function found<Value>(model: string, value: Value): Value {
  if (model === 'unknown')
    throw new PlumblineError('not_found', 'model: there is no "unknown".', 'See GET /v1/models.');
  return value;
}

/** A list of numbered names, by pages as the registry gives them. */
export function pageOf<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  page: { after?: string; limit: number },
) {
  const start = page.after === undefined ? 0 : items.findIndex((item) => nameOf(item) === page.after) + 1;
  const shown = items.slice(start, start + page.limit);
  const last = shown.at(-1);
  return { items: shown, next: start + page.limit < items.length && last ? nameOf(last) : null };
}

export function fakeRegistry(calls: Call[], content: () => AsyncIterable<Uint8Array>): Registry {
  const versions = ['1', '2', '3'].map((name) => version('churn', name));
  const note = (name: string, ...args: unknown[]) => void calls.push({ name, args });
  return {
    models: async (page) => pageOf([MODEL], ({ model }) => model, page),
    model: async (model) => found(model, { ...MODEL, model }),
    declare: async (model, declaration, act) => {
      note('declare', model, declaration, act);
      return { ...MODEL, ...declaration, model };
    },
    versions: async (model, page) =>
      found(
        model,
        pageOf(versions, (item) => item.version, page),
      ),
    version: async (model, name) => found(model, version(model, name)),
    save: async (fields, source, act) => {
      const files: { path: string; text: string }[] = [];
      if (source.kind === 'upload')
        for await (const file of source.files) {
          let text = '';
          for await (const piece of file.content) text += Buffer.from(piece).toString();
          files.push({ path: file.path, text });
        }
      note('save', fields, source.kind === 'path' ? source.path : files, act);
      return version(fields.model, fields.version ?? '4');
    },
    change: async (model, name, change, act) => {
      note('change', model, name, change, act);
      return version(model, name);
    },
    remove: async (model, name, act) => note('remove', model, name, act),
    compare: async (model, a, b) => ({
      ...{ a: version(model, a), b: version(model, b), metrics: [], profile: null },
      files: { added: [], removed: [], changed: ['model.bin'] },
    }),
    file: async (model, name, path) => {
      const [file] = version(model, name).files;
      if (file?.path !== path) throw new PlumblineError('not_found', `files: there is no "${path}".`, 'See files.');
      return { file, content: content() };
    },
  };
}

export function fakeLifecycle(calls: Call[]): Lifecycle {
  const note = (name: string, ...args: unknown[]) => void calls.push({ name, args });
  return {
    policy: async (model) => ({ ...POLICY, model }),
    setPolicy: async (model, policy, act) => {
      note('setPolicy', model, policy, act);
      return { ...mergePolicy(POLICY, policy), model, revision: 2 };
    },
    gates: async () => [GATE],
    transition: async (model, name, move, act) => {
      note('transition', model, name, move, act);
      if (move.to === 'production' && !move.override)
        throw new PlumblineError('gate_not_met', 'accuracy is 0.8.', 'Wait for labels.', {
          details: { gates: [GATE] },
        });
      return version(model, name);
    },
    rollback: async (model, move, act) => {
      note('rollback', model, move, act);
      return version(model, move.to);
    },
    transitions: async (_model, page) => pageOf([TRANSITION], (item) => item.at, page),
    live: async (model, at) => ({
      ...{ model, at: new Date(at).toISOString(), version: '2', transition: TRANSITION },
      ...{ since: TRANSITION.at, until: null },
    }),
  };
}

/** Takes rows that are objects with an id; `unavailable` for as long as it is told to be. */
export class FakeIngest implements Ingest {
  readonly batches: (readonly unknown[])[] = [];
  fails: PlumblineError | undefined;
  /** Waits for this before it answers. */
  gate: Promise<void> = Promise.resolve();

  predictions = (rows: readonly unknown[]) => this.#take(rows);
  labels = (rows: readonly unknown[]) => this.#take(rows);

  async #take(rows: readonly unknown[]): Promise<IngestResult> {
    await this.gate;
    if (this.fails) throw this.fails;
    this.batches.push(rows);
    const ids: string[] = [];
    const rejected: { index: number; code: string; message: string }[] = [];
    rows.forEach((row, index) => {
      const id = typeof row === 'object' && row !== null && 'id' in row ? row.id : undefined;
      if (typeof id === 'string') ids.push(id);
      else rejected.push({ index, code: 'invalid_row', message: 'id: is missing.' });
    });
    return { accepted: ids.length, ids, rejected };
  }
}

export function fakeAnswers(calls: Call[]): IngestAnswers {
  const measured = { value: 0.9, n: 10, low: 0.6, high: 0.98 };
  const maturity = { predictions: 12, labeled: 10, labeled_share: 0.8, coverage: 1, final: false };
  const note = (name: string, ...args: unknown[]) => void calls.push({ name, args });
  return {
    performance: async (query) => {
      note('performance', query);
      return untyped({
        ...{ model: query.model, version: '2', task: 'classification', ...maturity, pending: 2 },
        ...{ from: null, to: null, metrics: { accuracy: measured }, confusion: { a: { a: 9, b: 1 } } },
        classes: [{ class: 'a', support: 10, precision: 1, recall: 0.9, f1: 0.95 }],
        ...{ windows: [], segments: [], detectors: [], binary: null, value: null },
      });
    },
    drift: async (query) => {
      note('drift', query);
      return untyped({
        ...{ model: query.model, version: '2', reference: null, verdict: 'insufficient_data', window: null },
        ...{ features: [], previous: null, lasting: { lasting: false } },
      });
    },
    distribution: async (query) => {
      note('distribution', query);
      const classes = [{ class: 'a', count: 12, share: 1 }];
      return untyped({
        ...{ model: query.model, version: '2', n: 12, closed: false, classes, shift: {}, reference_shift: null },
      });
    },
  };
}

export function fakeAudit(): AuditReader {
  const records = [3, 2, 1].map((seq): AuditRecord => ({
    ...{ seq, time: '2026-01-02T00:00:00.000Z', hash: 'h'.repeat(64), action: 'version.saved', actor: ACTOR },
    ...{ model: 'churn', subject: '2', reason: null, evidence: null, before: null, after: { stage: 'development' } },
    requestId: null,
  }));
  return {
    list: async ({ before, limit }: AuditQuery) => {
      const left = records.filter(({ seq }) => before === undefined || seq < before);
      const items = left.slice(0, limit);
      return { items, next: left.length > limit ? String(items.at(-1)?.seq) : null };
    },
  };
}

export class FakeKeptAnswers implements KeptAnswers {
  readonly kept = new Map<string, { hash: string; answer: KeptAnswer | undefined }>();

  claim: KeptAnswers['claim'] = async ({ scope, requestHash }) => {
    const known = this.kept.get(scope);
    if (known === undefined) {
      this.kept.set(scope, { hash: requestHash, answer: undefined });
      return { kind: 'new' };
    }
    if (known.hash !== requestHash) return { kind: 'other' };
    return known.answer ? { kind: 'answered', answer: known.answer } : { kind: 'busy' };
  };
  keep: KeptAnswers['keep'] = async ({ scope, requestHash }, answer) =>
    void this.kept.set(scope, { hash: requestHash, answer });
  release: KeptAnswers['release'] = async ({ scope }) => void this.kept.delete(scope);
}

/** Tokens by their text. */
export function fakeTokens(tokens: Readonly<Record<string, Partial<AccessToken>>>): Tokens {
  const known = Object.entries(tokens).map(([text, token], index): [string, AccessToken] => [
    hashToken(text),
    { id: `t${index}`, name: text, scopes: [], requireIdentity: false, ...token },
  ]);
  return {
    any: async () => known.length > 0,
    find: async (hash) => new Map(known).get(hash),
  };
}

/** What is written down of an act. */
export function act(calls: readonly Call[], name: string): Act {
  return calls.findLast((call) => call.name === name)?.args.at(-1) as Act;
}
