/** A collector takes what it is sent for classes unless the model is declared otherwise: a replay of another task sees to that first. */
import { errorText, PlumblineError } from '../errors.ts';
import type { TaskName } from '../monitor/options.ts';

/** Which model, as what, where. */
export interface TaskDeclaration {
  readonly model: string;
  readonly task: TaskName;
  readonly collector: { readonly url: string; readonly token?: string };
  readonly signal: AbortSignal;
}

/** What a model is that says nothing of its task. */
const DEFAULT_TASK: TaskName = 'classification';

/**
 * Declares a model that the collector does not know; looks whether one that it knows has this task.
 * @throws PlumblineError `conflict` when it has another one; `forbidden` when the token may not declare it, with what to do; `unavailable`
 */
export async function declareTask(declaration: TaskDeclaration): Promise<void> {
  const { task } = declaration;
  if (task === DEFAULT_TASK) return;
  const found = await ask(declaration, 'GET');
  if (found.status === 404) {
    const made = await ask(declaration, 'PUT', { task });
    if (!made.ok) throw await refused(made, declaration);
    return;
  }
  if (!found.ok) throw await refused(found, declaration);
  const { task: declared = DEFAULT_TASK } = (await found.json()) as { readonly task?: TaskName };
  if (declared === task) return;
  throw new PlumblineError(
    'conflict',
    `--task: the collector has "${declaration.model}" as a model of the task ${declared}, not ${task}.`,
    `Replay under another --model, or declare this one anew (scope admin): ${command(declaration)}`,
  );
}

async function ask(
  { model, collector, signal }: TaskDeclaration,
  method: 'GET' | 'PUT',
  body?: object,
): Promise<Response> {
  const { url, token } = collector;
  try {
    return await fetch(`${url.replace(/\/+$/, '')}/v1/models/${encodeURIComponent(model)}`, {
      ...{ method, signal, redirect: 'manual' },
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    const cause = (error as { readonly cause?: unknown }).cause ?? error;
    const message = `The collector at ${url} cannot be reached (${errorText(cause)}).`;
    throw new PlumblineError('unavailable', message, 'Check that it runs and that --collector is right.', { cause });
  }
}

/** What the collector said; where the token may not do it, what somebody else can do. */
async function refused(response: Response, declaration: TaskDeclaration): Promise<PlumblineError> {
  const { message = `It answered ${response.status}.` } = (await response.json().catch(() => ({}))) as {
    readonly message?: string;
  };
  const { model, task } = declaration;
  const code = [401, 403].includes(response.status) ? 'forbidden' : 'unavailable';
  const help = `Have it declared first (scope admin): ${command(declaration)}`;
  return new PlumblineError(code, `The collector does not know "${model}" as a ${task}. ${message}`, help);
}

function command({ model, task, collector }: TaskDeclaration): string {
  const address = `${collector.url.replace(/\/+$/, '')}/v1/models/${encodeURIComponent(model)}`;
  return `curl -X PUT ${address} -H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json' -d '{"task":"${task}"}'`;
}
