/** One run as its replica goes through it: steps that are durable, a log that is bounded, a pulse that others can feel. */
import { asJson, storableText } from '../audit/audit-event.ts';
import { BoundedLog } from './bounded-log.ts';
import type { Pulse, RetrainingStore, StepChange } from './retraining-store.ts';
import { RunCancelled, RunLost } from './run-failure.ts';
import type { RunState } from './run.ts';

/** What a watch works with. */
export interface RunWatchOptions {
  readonly store: Pick<RetrainingStore, 'step' | 'beat'>;
  readonly run: string;
  readonly owner: string;
  /** Epoch ms. */
  readonly now: () => number;
  /** Hides secrets in what was printed. */
  readonly mask: (text: string) => string;
}

/** Call `beat` now and then; `signal` ends the work when the run was cancelled or is lost. */
export class RunWatch {
  readonly log = new BoundedLog();
  readonly #options: RunWatchOptions;
  readonly #abort = new AbortController();
  #kept = '';
  #lost = false;
  #cancelled = false;

  constructor(options: RunWatchOptions) {
    this.#options = options;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Writes a step down before its work begins. @throws RunCancelled, RunLost where it may not go on; PlumblineError `unavailable` */
  async step(state: RunState, facts: { readonly evidence?: unknown; readonly version?: string } = {}): Promise<void> {
    this.check();
    const { store, run, owner, now } = this.#options;
    this.#take(await store.step(run, owner, this.change(state, null, facts), now()));
    this.check();
  }

  /** A step as it is stored, with the log of now. */
  change(
    state: RunState,
    reason: string | null,
    { evidence = null, version }: { readonly evidence?: unknown; readonly version?: string } = {},
  ): StepChange {
    const { now, mask } = this.#options;
    const at = new Date(now()).toISOString();
    const step = { state, at, reason: reason === null ? null : storableText(mask(reason)), evidence: asJson(evidence) };
    return { step, log: this.#text(), ...(version !== undefined && { version }) };
  }

  /** Says that the replica is there. @throws PlumblineError `unavailable` */
  async beat(): Promise<void> {
    const { store, run, owner, now } = this.#options;
    const text = this.#text();
    this.#take(await store.beat(run, owner, now(), text === this.#kept ? undefined : text));
    this.#kept = text;
  }

  /** Somebody asked for its end. */
  cancel(): void {
    this.#cancelled = true;
    this.#abort.abort();
  }

  /** @throws RunCancelled, RunLost */
  check(): void {
    if (this.#lost) throw new RunLost();
    if (this.#cancelled) throw new RunCancelled();
  }

  #take(pulse: Pulse): void {
    if (!pulse.alive) this.#lost = true;
    else if (pulse.cancelled) this.#cancelled = true;
    if (this.#lost || this.#cancelled) this.#abort.abort();
  }

  #text(): string {
    return this.#options.mask(this.log.text());
  }
}
