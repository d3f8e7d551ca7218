/** Grafana's plugin proxy as far as the app needs it: the routes of plugin.json, their actions by role, their tokens. */
import { request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { proxied, ROLES, targetOf, tokenNameOf } from '../../grafana-plugin/support/plugin-proxy.ts';

/** Where the app's calls go. */
export const PROXY_PATH = '/api/plugin-proxy/plumbline-models-app/';

/** What an administrator has set. Changeable, to see what a wrong setting does. */
export interface PluginProxy {
  collectorUrl: string;
  /** By the name of the secret setting. */
  tokens: Record<string, string>;
}

/** Answers one call as Grafana 12.4 does: 404 without a route, 403 without the action, 502 with no body when nobody answers. */
export async function passOn(request: IncomingMessage, response: ServerResponse, proxy: PluginProxy): Promise<void> {
  const [path = '', query = ''] = (request.url ?? '').slice(PROXY_PATH.length).split('?', 2);
  const role = ROLES.find((name) => request.headers.cookie?.includes(`plumbline_role=${name}`)) ?? 'Viewer';
  const answer = proxied(role, request.method ?? 'GET', decodeURIComponent(path));
  if ('refused' in answer) {
    const message = answer.refused === 404 ? 'plugin route match not found' : 'plugin proxy route access denied';
    response.writeHead(answer.refused, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
    return;
  }
  const target = targetOf(answer.route, decodeURIComponent(path), proxy.collectorUrl);
  const { cookie: _cookie, host: _host, origin: _origin, referer: _referer, ...headers } = request.headers;
  const authorization = `Bearer ${proxy.tokens[tokenNameOf(answer.route)] ?? ''}`;
  const context = JSON.stringify({ Login: role.toLowerCase(), OrgRole: role });
  const call = send(query === '' ? target : `${target}?${query}`, {
    method: request.method,
    headers: { ...headers, authorization, 'x-grafana-context': context },
  });
  call.on('response', (from) => {
    response.writeHead(from.statusCode ?? 502, from.headers);
    pipeline(from, response).catch(() => response.destroy());
  });
  call.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  await pipeline(request, call).catch(() => undefined);
}
