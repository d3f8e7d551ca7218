import type { BackendSrv, BackendSrvRequest, FetchError, FetchResponse } from '@grafana/runtime';
import { defer, type Observable } from 'rxjs';

/** As Grafana's own: JSON in and out, an answer above 299 is thrown with its status and body; an empty or foreign body stays text. */
async function ask<Answer>(request: BackendSrvRequest): Promise<FetchResponse<Answer>> {
  const { url, method = 'GET', data, headers = {}, abortSignal } = request;
  const config = { ...request, url };
  let response: Response;
  try {
    response = await fetch(new URL(url, window.location.origin), {
      method,
      signal: abortSignal,
      headers: { ...headers, ...(data !== undefined && { 'Content-Type': 'application/json' }) },
      body: data === undefined ? undefined : JSON.stringify(data),
    });
  } catch (error) {
    throw { status: -1, statusText: String(error), data: {}, config } satisfies FetchError<object>;
  }
  const body = readBody(await response.text());
  if (!response.ok) {
    throw { status: response.status, statusText: response.statusText, data: body, config } satisfies FetchError;
  }
  return { ...pick(response), data: body as Answer, config };
}

function pick({ status, statusText, ok, headers, redirected, type, url }: Response) {
  return { status, statusText, ok, headers, redirected, type, url };
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What the plugin uses of Grafana's service. */
export const backendSrv: Pick<BackendSrv, 'fetch'> = {
  fetch: <Answer>(request: BackendSrvRequest): Observable<FetchResponse<Answer>> => defer(() => ask<Answer>(request)),
};
