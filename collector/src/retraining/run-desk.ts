/** The runs of this replica: begun, kept alive, ended; and those of replicas that are gone, marked. */
import { asJson } from '../audit/audit-event.ts';
import { errorText, PlumblineError } from '../errors.ts';
import { auditEntry } from '../registry/audit-entries.ts';
import { noModel } from '../registry/refusals.ts';
import { executeRun, RUN_TAG, type BegunRun, type RunPorts } from './execute-run.ts';
import { BY_POLICY } from './follow-up.ts';
import type { LiveRun, RetrainingStore, StepChange } from './retraining-store.ts';
import { RunCancelled, RunFailure, RunLost } from './run-failure.ts';
import { RunWatch } from './run-watch.ts';
import { ENDED, type RunState, type TriggerName } from './run.ts';

/** What the desk works with. */
export interface RunDeskOptions extends RunPorts {
  readonly store: RetrainingStore;
  /** This replica, by a name of this process alone. */
  readonly owner: string;
  /** Milliseconds without a pulse after which a replica counts as gone. */
  readonly patience: number;
  /** Hides secrets in what a run prints. */
  readonly maskFor: (begun: BegunRun) => (text: string) => string;
  /** Told of each end, with the seconds it took. */
  readonly onEnd: (end: RunEnd) => void;
  readonly onError: (error: unknown, what: string) => void;
}

/** A run that is over. */
export interface RunEnd {
  readonly model: string;
  readonly trigger: TriggerName;
  readonly result: (typeof ENDED)[number];
  readonly seconds: number;
}

/** Runs and watches. */
export class RunDesk {
  readonly #options: RunDeskOptions;
  readonly #mine = new Map<string, { readonly watch: RunWatch; readonly done: Promise<void> }>();

  constructor(options: RunDeskOptions) {
    this.#options = options;
  }

  /** Begins a run that was started; it goes on by itself. */
  begin(begun: BegunRun & { readonly trigger: TriggerName }): void {
    const { store, owner, now, maskFor } = this.#options;
    const watch = new RunWatch({ store, run: begun.run, owner, now, mask: maskFor(begun) });
    const done = this.#go(begun, watch).finally(() => this.#mine.delete(begun.run));
    this.#mine.set(begun.run, { watch, done });
  }

  /** Ends a run of this replica at once; one of another learns of it by its pulse. */
  cancel(run: string): void {
    this.#mine.get(run)?.watch.cancel();
  }

  /** Whether this replica runs it. */
  has(run: string): boolean {
    return this.#mine.has(run);
  }

  /** Resolves when this replica has ended a run; at once where it does not run it. */
  async ended(run: string): Promise<void> {
    await this.#mine.get(run)?.done;
  }

  /** Says of every run of this replica that it is there. */
  async beat(): Promise<void> {
    for (const { watch } of this.#mine.values()) await watch.beat();
  }

  /** Marks the runs of replicas that are gone, and removes what they left on this disk. @returns how many were marked */
  async recover(): Promise<number> {
    const { store, now, patience, folders } = this.#options;
    const live = await store.live();
    const lost = live.filter(({ run, heartbeat }) => !this.has(run) && heartbeat < now() - patience);
    for (const run of lost) await this.#interrupt(run, 'The service that ran it is gone.');
    const used = (name: string) => live.some(({ run }) => !lost.some((one) => one.run === run) && name.startsWith(run));
    await folders.sweep((name) => used(name) || [...this.#mine.keys()].some((run) => name.startsWith(run)));
    return lost.length;
  }

  /** Ends every run of this replica as interrupted: it may run again. */
  async close(): Promise<void> {
    const ends = [...this.#mine].map(async ([run, { watch, done }]) => {
      const [own] = (await this.#options.store.live()).filter((live) => live.run === run);
      if (own) await this.#interrupt(own, 'The service was stopped.', true);
      // Its pulse tells it that it is over, and what it runs ends.
      await watch.beat().catch(() => watch.cancel());
      await done;
    });
    await Promise.all(ends);
  }

  async #go(begun: BegunRun & { readonly trigger: TriggerName }, watch: RunWatch): Promise<void> {
    const [started, { onError }] = [this.#options.now(), this.#options];
    try {
      await this.#end(begun, started, await this.#outcome(begun, watch));
    } catch (error) {
      // Nobody could write the end down: the pulse stops, and whoever looks next marks it.
      onError(error, `run ${begun.run} of "${begun.model}" could not be ended`);
    }
  }

  /** @returns the last step; undefined where the run is not ours to end any more */
  async #outcome(begun: BegunRun, watch: RunWatch): Promise<StepChange | undefined> {
    try {
      return watch.change('succeeded', await executeRun(this.#options, begun, watch));
    } catch (error) {
      if (error instanceof RunLost) return undefined;
      if (error instanceof RunCancelled) return watch.change('cancelled', 'It was cancelled.');
      if (error instanceof RunFailure) return watch.change('failed', error.message, { evidence: error.evidence });
      if (!(error instanceof PlumblineError)) this.#options.onError(error, `run ${begun.run} broke`);
      return watch.change('failed', `It broke: ${errorText(error)}`);
    }
  }

  async #end(
    { run, model, trigger }: BegunRun & { readonly trigger: TriggerName },
    started: number,
    change: StepChange | undefined,
  ): Promise<void> {
    if (change && (await this.#finish(model, run, change, (owner) => owner === this.#options.owner)))
      this.#tell({ model, trigger, state: change.step.state, started });
  }

  async #interrupt(live: LiveRun, why: string, isStopping = false): Promise<void> {
    const { run, model, trigger, state, startedAt, owner, heartbeat } = live;
    const version = live.version ?? (await this.#savedBy(live));
    const reason = `${why} It was ${state}${version === null ? '' : `; version "${version}" was saved`}.`;
    const at = new Date(this.#options.now()).toISOString();
    const step = { state: 'interrupted', at, reason, evidence: asJson({ state, version, owner, heartbeat }) } as const;
    const change = { step, ...(version !== null && { version }) };
    // A pulse meanwhile, and it is not gone after all.
    const isGone = (_owner: string, beat: number) => isStopping || beat === heartbeat;
    if (await this.#finish(model, run, change, isGone))
      this.#tell({ model, trigger, state: 'interrupted', started: startedAt });
  }

  /** A version that a run saved without living to write its name down. */
  async #savedBy({ model, run, state }: LiveRun): Promise<string | null> {
    if (state !== 'saving') return null;
    const { items } = await this.#options.versions.versions(model, { limit: 20 });
    return items.find(({ tags }) => tags[RUN_TAG] === run)?.version ?? null;
  }

  /** Writes the end down, if it has none yet and still belongs to whom it should. */
  #finish(
    model: string,
    run: string,
    change: StepChange,
    isMine: (owner: string, heartbeat: number) => boolean,
  ): Promise<boolean> {
    const { store, now } = this.#options;
    return store.transaction(async (writing) => {
      const locked = (await writing.lockModel(model)) ?? noModel(model);
      const known = await writing.lockedRun(locked, run);
      if (!known || known.endedAt !== null || !isMine(known.owner, known.heartbeat)) return false;
      await writing.endRun(run, change);
      const { state, reason, evidence } = change.step;
      const action = state === 'interrupted' ? 'retraining.interrupted' : 'retraining.finished';
      const after = asJson({ state, version: change.version ?? known.version });
      const entry = { model, subject: run, ...(reason !== null && { reason }), evidence, after };
      await writing.audit(auditEntry(action, BY_POLICY, entry), now());
      return true;
    });
  }

  #tell({ model, trigger, state, started }: { model: string; trigger: TriggerName; state: RunState; started: number }) {
    const result = ENDED.find((name) => name === state);
    if (result) this.#options.onEnd({ model, trigger, result, seconds: (this.#options.now() - started) / 1_000 });
  }
}
