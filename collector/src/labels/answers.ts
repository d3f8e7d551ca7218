/** Answers of the service: over the predictions of all replicas, as they stand in the store. */
import { referenceLabel } from '../distribution/reference.ts';
import { predictionShift } from '../drift/prediction-shift.ts';
import { createPersistence } from '../drift/persistence.ts';
import { errorText, PlumblineError } from '../errors.ts';
import { DEFAULT_WINDOW } from '../monitor/options.ts';
import type { DistributionReport, DriftReport, PerformanceReport } from '../monitor/reports.ts';
import type { Catalog } from './catalog.ts';
import { usableReference } from './core-config.ts';
import type { KnownVersion } from './declared-model.ts';
import type { AnswerQuery, IngestAnswers } from './ingest.ts';
import type { IngestStore } from './ingest-store.ts';
import type { Jobs } from './jobs.ts';
import { MAX_ASKED_WINDOW, type WindowFinding } from './judge-window.ts';
import type { StoredWindow } from './stored-window.ts';

/** What answers need of the world around them. */
export interface AnswersEnvironment {
  readonly store: IngestStore;
  readonly jobs: Jobs;
  readonly catalog: Catalog;
  readonly onError: (error: unknown, what: string) => void;
}

const NOT_JUDGED: Pick<DriftReport, 'verdict' | 'window' | 'features' | 'previous' | 'lasting'> = {
  verdict: 'insufficient_data',
  window: null,
  features: [],
  previous: null,
  lasting: { verdict: 'insufficient_data', drifted: 0, windows: 0 },
};

/** Answers what is asked; the same question asked again meanwhile is answered with it. */
export class StoreAnswers implements IngestAnswers {
  readonly #environment: AnswersEnvironment;
  readonly #asked = new Map<string, Promise<unknown>>();

  constructor(environment: AnswersEnvironment) {
    this.#environment = environment;
  }

  performance(query: AnswerQuery): Promise<PerformanceReport> {
    return this.#answer(['performance', query], async () => {
      const known = await this.#versionOf(query);
      return this.#environment.jobs.performance({ known, ...rangeOf(query) });
    });
  }

  drift(query: AnswerQuery & { readonly window?: number }): Promise<DriftReport> {
    return this.#answer(['drift', query], async () => {
      const known = await this.#versionOf(query);
      return query.window === undefined ? this.#lastVerdict(known, query) : this.#judgeLast(known, query.window);
    });
  }

  distribution(query: AnswerQuery): Promise<DistributionReport> {
    return this.#answer(['distribution', query], async () => {
      const known = await this.#versionOf(query);
      const [current, previous] = await this.#windows(known, query, 'store', 2);
      const reference = known.hasReference ? await this.#environment.store.referenceOf(known.versionId) : undefined;
      return distributionOf(known, {
        current: current?.counts,
        previous: previous?.counts,
        open: current ? undefined : await this.#open(known),
        reference: (reference as { predictions?: Readonly<Record<string, number>> } | undefined)?.predictions,
      });
    });
  }

  async #lastVerdict(known: KnownVersion, query: AnswerQuery): Promise<DriftReport> {
    const source = known.declaration.storeFeatures === false ? 'live' : 'store';
    const { model, version } = known;
    const persistence = createPersistence();
    const windows = (await this.#windows(known, query, source, 3)).filter(({ verdict }) => verdict !== null);
    const [last] = windows;
    if (!last?.verdict) return { model, version, reference: await this.#referenceOf(known), ...NOT_JUDGED };
    const history = persistence.create();
    for (const window of windows.toReversed())
      if (window.reference === last.reference && window.verdict) persistence.record(history, window.verdict.verdict);
    const { verdict, features, previous } = last.verdict;
    const { number: index, start, end, reference } = last;
    const lasting = persistence.read(history);
    return { model, version, reference, verdict, window: { index, start, end }, features, previous, lasting };
  }

  async #judgeLast(known: KnownVersion, size: number): Promise<DriftReport> {
    if (!Number.isInteger(size) || size < 1 || size > MAX_ASKED_WINDOW)
      throw invalid(`window: expected a whole number from 1 to ${MAX_ASKED_WINDOW}`);
    const { model, version, versionId } = known;
    const found = await this.#environment.jobs.lastWindow({ known, size });
    if (!found?.verdict) return { model, version, reference: await this.#referenceOf(known), ...NOT_JUDGED };
    const all = (await this.#environment.store.tallies()).get(versionId)?.predictions ?? found.rows;
    const { verdict, features, previous } = found.verdict;
    const window = { index: 0, start: Math.max(0, all - found.rows), end: all };
    return { model, version, reference: found.reference, ...NOT_JUDGED, verdict, window, features, previous };
  }

  /** What windows will be judged against; null while there is nothing. */
  async #referenceOf({ hasReference, versionId }: KnownVersion): Promise<string | null> {
    const reference = hasReference ? usableReference(await this.#environment.store.referenceOf(versionId)) : undefined;
    return reference ? referenceLabel(reference) : null;
  }

  /** The window that has not closed yet. */
  #open(known: KnownVersion): Promise<WindowFinding | undefined> {
    const size = known.declaration.window ?? DEFAULT_WINDOW;
    return this.#environment.jobs.lastWindow({ known: { ...known, hasReference: false }, size });
  }

  async #windows(
    known: KnownVersion,
    query: AnswerQuery,
    source: StoredWindow['source'],
    limit: number,
  ): Promise<readonly StoredWindow[]> {
    const { from, to } = rangeOf(query);
    const windows = await this.#environment.store.windows({ versionId: known.versionId, source, limit, before: to });
    return from === undefined ? windows : windows.filter(({ closedAt }) => closedAt >= from);
  }

  /** The version asked about: that named, else that in production, else that which predicted last. */
  async #versionOf({ model, version }: AnswerQuery): Promise<KnownVersion> {
    const { catalog, store } = this.#environment;
    if (!(await catalog.load(model)))
      throw new PlumblineError('not_found', `There is no model "${model}".`, 'Models are listed at /v1/models.');
    const versions = catalog.versionsOf(model);
    if (version !== undefined) {
      const named = versions.find((known) => known.version === version);
      if (named) return named;
      const help = `Versions are listed at /v1/models/${model}/versions.`;
      throw new PlumblineError('not_found', `Model "${model}" has no version "${version}".`, help);
    }
    const inProduction = versions.find(({ stage }) => stage === 'production');
    const last = inProduction ? undefined : await store.lastActive(versions.map(({ versionId }) => versionId));
    const found = inProduction ?? versions.find(({ versionId }) => versionId === last) ?? versions.at(-1);
    if (found) return found;
    throw new PlumblineError('not_found', `Model "${model}" has no version yet.`, 'Save one, or send its predictions.');
  }

  async #answer<Answer>(question: unknown, work: () => Promise<Answer>): Promise<Answer> {
    const key = JSON.stringify(question);
    const asked = (this.#asked.get(key) as Promise<Answer> | undefined) ?? work();
    this.#asked.set(key, asked);
    try {
      return await asked;
    } catch (error) {
      if (error instanceof PlumblineError) throw error;
      const { store, onError } = this.#environment;
      const reason = store.unavailable(error);
      onError(error, reason ?? `an answer failed: ${errorText(error)}`);
      if (reason === undefined) throw error;
      throw new PlumblineError('unavailable', reason, 'Ask again later.', { cause: error });
    } finally {
      if (this.#asked.get(key) === asked) this.#asked.delete(key);
    }
  }
}

type Counts = Readonly<Record<string, number>>;

interface WindowCounts {
  readonly current: Counts | undefined;
  readonly previous: Counts | undefined;
  readonly open: WindowFinding | undefined;
  readonly reference: Counts | undefined;
}

function distributionOf(known: KnownVersion, windows: WindowCounts): DistributionReport {
  const { model, version } = known;
  const current = new Map(Object.entries(windows.current ?? {}));
  const shown = windows.current ? current : new Map(Object.entries(windows.open?.counts ?? {}));
  const n = [...shown.values()].reduce((sum, count) => sum + count, 0);
  return {
    model,
    version,
    n: shown.size === 0 ? (windows.open?.rows ?? 0) : n,
    closed: windows.current !== undefined,
    classes: Array.from(shown, ([name, count]) => ({ class: name, count, share: count / n })),
    shift: predictionShift(new Map(Object.entries(windows.previous ?? {})), current),
    reference_shift: windows.reference ? predictionShift(new Map(Object.entries(windows.reference)), current) : null,
  };
}

function rangeOf({ from, to }: AnswerQuery): { readonly from: number | undefined; readonly to: number | undefined } {
  if (from !== undefined && to !== undefined && !(from < to)) throw invalid('from: must lie before to');
  return { from: from === undefined ? undefined : Math.floor(from), to: to === undefined ? undefined : Math.ceil(to) };
}

function invalid(message: string): PlumblineError {
  return new PlumblineError('invalid_request', message, 'Correct it, or leave it out.');
}
