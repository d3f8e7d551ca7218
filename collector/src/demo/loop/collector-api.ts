/** What the demo's operator asks of the collector over HTTP, as any program would. */
import { PlumblineError } from '../../errors.ts';
import type { Experiment } from '../../assignments/experiment.ts';
import type { ExperimentReport } from '../../assignments/report.ts';
import type { GateResult } from '../../lifecycle/lifecycle.ts';
import type { PolicyChanges } from '../../lifecycle/policy.ts';
import type { PerformanceReport } from '../../monitor/reports.ts';
import type { ModelDeclaration, Version } from '../../registry/model-version.ts';
import type { Run, RunSummary } from '../../retraining/run.ts';

/** Where the collector is, and who asks. */
export interface ApiOptions {
  readonly url: string;
  /** With the scopes `admin` and `ingest`. */
  readonly token: string | undefined;
  readonly model: string;
  readonly signal: AbortSignal;
}

/** What was refused, with what stands beside the message. */
export class Refused extends Error {
  readonly code: string;
  readonly status: number;
  readonly gates: readonly GateResult[];

  constructor(
    status: number,
    answer: { readonly code?: string; readonly message?: string; readonly gates?: readonly GateResult[] },
  ) {
    super(answer.message ?? `The collector answered ${status}.`);
    this.code = answer.code ?? 'unknown';
    this.status = status;
    this.gates = answer.gates ?? [];
  }
}

/** The routes the loop needs, of one model. Each throws `Refused` for what the collector does not do. */
export class CollectorApi {
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  declare(declaration: ModelDeclaration): Promise<unknown> {
    return this.#send('PUT', '', declaration);
  }

  setPolicy(policy: PolicyChanges): Promise<unknown> {
    return this.#send('PUT', '/policy', policy);
  }

  /** @param content of the one file of the version */
  save(
    fields: Readonly<Record<string, unknown>>,
    file: { readonly name: string; readonly content: string },
  ): Promise<Version> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields))
      form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
    form.append('file', new Blob([file.content]), file.name);
    return this.#send('POST', '/versions', form) as Promise<Version>;
  }

  async stage(version: string): Promise<string | null> {
    return ((await this.#send('GET', `/versions/${version}`)) as Version).stage;
  }

  transition(version: string, to: string, reason: string): Promise<Version> {
    return this.#send('POST', `/versions/${version}/transition`, { to, reason }) as Promise<Version>;
  }

  file(version: string, path: string): Promise<unknown> {
    return this.#send('GET', `/versions/${version}/files/${path}`);
  }

  async runs(): Promise<readonly RunSummary[]> {
    return ((await this.#send('GET', '/retraining?limit=10')) as { readonly items: readonly RunSummary[] }).items;
  }

  run(run: string): Promise<Run> {
    return this.#send('GET', `/retraining/${run}`) as Promise<Run>;
  }

  experiment(name: string): Promise<ExperimentReport> {
    return this.#send('GET', `/experiments/${name}`) as Promise<ExperimentReport>;
  }

  /** The one that runs, if any does. */
  async runningExperiment(): Promise<string | undefined> {
    const { items } = (await this.#send('GET', '/experiments')) as { readonly items: readonly Experiment[] };
    return items.find(({ state }) => state === 'running')?.experiment;
  }

  /** Ended for good. */
  endExperiment(name: string, reason: string): Promise<unknown> {
    return this.#send('PUT', `/experiments/${name}`, { state: 'ended', reason });
  }

  /** Of predictions made between two times, epoch ms. */
  performance(version: string, from: number, to: number): Promise<PerformanceReport> {
    return this.#send('GET', `/performance?version=${version}&from=${from}&to=${to}`) as Promise<PerformanceReport>;
  }

  async #send(method: string, path: string, body?: unknown): Promise<unknown> {
    const { url, token, model, signal } = this.#options;
    const isForm = body instanceof FormData;
    const response = await fetch(`${url}/v1/models/${model}${path}`, {
      method,
      signal,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = parsed(text, `${method} ${path}`);
    if (!response.ok) throw new Refused(response.status, answer as ConstructorParameters<typeof Refused>[1]);
    return answer;
  }
}

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const help = 'Something between here and the collector answers in its place.';
    throw new PlumblineError('unavailable', `${what}: the answer is no JSON.`, help, { cause });
  }
}
