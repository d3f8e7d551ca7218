/** What is known of a model: asked of the service, kept over restarts, told to who wants to know. */
import { guardCallback } from '../../monitor/guard-callback.ts';
import { PlumblineError } from '../../errors.ts';
import type { ModelAssignments } from '../../remote/assignments/assignments.ts';
import { AssignmentPoller, type PollerEnvironment, type ReceivedState } from '../../remote/assignments/poller.ts';
import { RouteTable, type Deployment } from './routes.ts';
import { StateFile } from './state-file.ts';

/** `changed`: keys may go elsewhere now; `stale`: the service does not answer any more; `fresh`: it does. */
export type RouterEvent = 'changed' | 'stale' | 'fresh';

/** Where a state comes from and where it is kept. */
export interface KnownStateOptions {
  readonly url: string;
  readonly model: string;
  /** Milliseconds. */
  readonly pollInterval: number;
  readonly stateFile: string | undefined;
  readonly deployment: Deployment;
}

/** What it needs of the world around it. */
export interface KnownStateEnvironment extends Pick<PollerEnvironment, 'get' | 'random' | 'now' | 'later'> {
  /** Told in words what is wrong. `kind` groups what is the same again. */
  readonly notice: (kind: string, error: PlumblineError) => void;
  /** An attempt to ask failed. */
  readonly pollFailed: () => void;
  /** A listener threw. */
  readonly callbackFailed: () => void;
}

/** The last known state of one model, made into routes. */
export class KnownState {
  readonly #options: KnownStateOptions;
  readonly #environment: KnownStateEnvironment;
  readonly #file: StateFile | undefined;
  readonly #poller: AssignmentPoller;
  readonly #listeners = new Set<(event: RouterEvent) => void>();
  #state: ModelAssignments | undefined;
  #stale = true;
  #confirmedAt: number | undefined;
  #error: PlumblineError | undefined;
  #table: RouteTable;

  /** @throws PlumblineError `invalid_configuration` naming the option */
  constructor(options: KnownStateOptions, environment: KnownStateEnvironment) {
    const { url, model, pollInterval, stateFile, deployment } = options;
    this.#options = options;
    this.#environment = environment;
    this.#file = stateFile === undefined ? undefined : new StateFile(stateFile, { url, model });
    const kept = this.#kept();
    this.#state = kept?.state;
    this.#table = new RouteTable(this.#state, deployment, true);
    this.#poller = new AssignmentPoller(
      { url, model, interval: pollInterval, etag: kept?.etag ?? null },
      {
        ...environment,
        confirmed: (received) => this.#confirmed(received),
        failed: (error) => this.#failed(error),
      },
    );
  }

  get table(): RouteTable {
    return this.#table;
  }

  get state(): ModelAssignments | undefined {
    return this.#state;
  }

  /** Whether the service has not confirmed the state the last time it was asked. */
  get stale(): boolean {
    return this.#stale;
  }

  /** Epoch milliseconds of the last answer. */
  get confirmedAt(): number | undefined {
    return this.#confirmedAt;
  }

  /** Why the last question failed; undefined when it did not. */
  get error(): PlumblineError | undefined {
    return this.#error;
  }

  /** Asks now. Never rejects. @returns whether the service answered */
  poll(): Promise<boolean> {
    return this.#poller.poll();
  }

  /** @returns a function that ends it */
  subscribe(listener: (event: RouterEvent) => void): () => void {
    const own = (event: RouterEvent) => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Asks no more; the last state stays. */
  async close(): Promise<void> {
    await this.#poller.close();
    await this.#file?.settled();
    this.#become(true);
    this.#listeners.clear();
  }

  #kept(): ReceivedState | undefined {
    try {
      return this.#file?.read();
    } catch (error) {
      this.#environment.notice('state_file', error as PlumblineError);
      return undefined;
    }
  }

  #confirmed(received: ReceivedState | undefined): void {
    const { notice, now } = this.#environment;
    this.#confirmedAt = now();
    this.#error = undefined;
    if (!received) return this.#become(false);
    const { state } = received;
    if (state.unsupported !== undefined) notice('unsupported', unsupported(state.unsupported));
    const changed = JSON.stringify(state) !== JSON.stringify(this.#state);
    this.#state = state;
    if (this.#file) this.#file.write(received).catch((error: unknown) => notice('state_file', error as PlumblineError));
    this.#become(false, changed);
    if (changed && this.#table.notDeployed.length > 0) notice('not_deployed', notDeployed(this.#table.notDeployed));
  }

  #failed(error: PlumblineError): void {
    this.#error = error;
    this.#environment.pollFailed();
    this.#environment.notice('poll', error);
    this.#become(true);
  }

  #become(stale: boolean, changed = false): void {
    const turned = stale !== this.#stale;
    if (!turned && !changed) return;
    this.#stale = stale;
    this.#table = new RouteTable(this.#state, this.#options.deployment, stale);
    if (changed) this.#tell('changed');
    if (turned) this.#tell(stale ? 'stale' : 'fresh');
  }

  #tell(event: RouterEvent): void {
    for (const listener of this.#listeners) guardCallback(() => listener(event), this.#environment.callbackFailed);
  }
}

function unsupported(message: string): PlumblineError {
  return new PlumblineError('unavailable', message, 'Until the SDK is updated, the version in production answers.');
}

function notDeployed(versions: readonly string[]): PlumblineError {
  const message = `arms: the running experiment wants ${versions.join(', ')}, which this process has no function for`;
  return new PlumblineError('invalid_configuration', message, 'Deploy it first; until then another version answers.');
}
