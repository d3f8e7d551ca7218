import { http, HttpResponse, type JsonBodyType } from 'msw';
import type { components } from '../../../grafana-plugin/src/control-plane/generated/api';
import type {
  AuditRecord,
  Gates,
  Model,
  Page,
  Policy,
  Transition,
  Version,
} from '../../../grafana-plugin/src/control-plane/types';
import { noRetraining } from './no-retraining';
import { proxied, type Role } from './plugin-proxy';

const PROXY = 'http://localhost/api/plugin-proxy/plumbline-models-app';

/** A version as the collector answers it. */
export function aVersion(fields: Partial<Version> = {}): Version {
  return {
    model: 'churn',
    version: '1',
    registered: true,
    description: 'trained on May',
    createdAt: '2026-11-01T10:00:00.000Z',
    digest: 'a'.repeat(64),
    origin: 'upload',
    stage: 'staging',
    aliases: [],
    tags: {},
    files: [{ path: 'model.bin', size: 3, sha256: 'b'.repeat(64) }],
    metrics: { accuracy: 0.93, n: 4000 },
    reference: null,
    referenceDigest: null,
    validation: null,
    ...fields,
  };
}

/** A policy as the collector answers it. */
export function aPolicy(fields: Partial<Policy> = {}): Policy {
  return {
    model: 'churn',
    revision: 3,
    gates: { staging: [], production: [{ metric: 'accuracy', min: 0.9 }] },
    evidence: { windowDays: 30, minimum: 200, source: 'store' },
    thresholds: {},
    retentionDays: 90,
    labelDeadlineSeconds: 604_800,
    labelExpirySeconds: 2_592_000,
    predictCommand: null,
    retraining: noRetraining(),
    ...fields,
  };
}

/** What the collector says of a gate that is met. */
export function someGates(fields: Partial<Gates> = {}): Gates {
  const gate: Gates['gates'][number] = {
    ...{ metric: 'accuracy', need: 0.9, direction: 'at_least', value: 0.93, n: 4000 },
    ...{ met: true, source: 'validation', why: null },
  };
  return { model: 'churn', version: '1', to: 'production', met: true, gates: [gate], ...fields };
}

/** What a collector of one test holds. */
export interface Held {
  versions: Version[];
  gates: Gates;
  policy: Policy;
  transitions: Transition[];
  audit: AuditRecord[];
}

const MODEL: Model = {
  ...{ model: 'churn', registered: true, createdAt: '2026-11-01T10:00:00.000Z', production: null, versions: 1 },
};

/** The start of most tests. */
export function held(fields: Partial<Held> = {}): Held {
  return { versions: [aVersion()], gates: someGates(), policy: aPolicy(), transitions: [], audit: [], ...fields };
}

/** An error as the collector answers it. */
export type ErrorBody = components['schemas']['Error'];

/** Reads through the proxy, for a role, over what is held; the routes of plugin.json decide what gets through. */
export function reads(role: Role, holding: Held) {
  const page = <Item extends JsonBodyType>(items: Item[]) => ({ items, next: null }) satisfies Page<Item>;
  const answers: Record<string, () => JsonBodyType> = {
    'models/churn': () => MODEL,
    'models/churn/versions': () => page(holding.versions),
    'models/churn/versions/1': () => holding.versions[0] ?? null,
    'models/churn/versions/1/gates': () => holding.gates,
    'models/churn/policy': () => holding.policy,
    'models/churn/transitions': () => page(holding.transitions as JsonBodyType[]),
    audit: () => page(holding.audit as JsonBodyType[]),
  };
  return http.get(`${PROXY}/*`, ({ request }) => {
    const path = new URL(request.url).pathname.split('plumbline-models-app/')[1] ?? '';
    const through = proxied(role, 'GET', path);
    if ('refused' in through) {
      return HttpResponse.json({ message: 'plugin proxy route access denied' }, { status: through.refused });
    }
    const answer = answers[path.replace('read/', '')];
    return answer ? HttpResponse.json(answer()) : HttpResponse.json(notFound(path), { status: 404 });
  });
}

function notFound(path: string): ErrorBody {
  return { code: 'not_found', message: `There is nothing at ${path}.`, help: 'See /docs.', requestId: 'r-1' };
}

/** What was sent to change something. */
export interface Sent {
  path: string;
  method: string;
  key: string | null;
  body: unknown;
}

/** Takes every change, remembers it, and answers as told. */
export function changes(sent: Sent[], answer: (attempt: number) => { status: number; body?: object }) {
  return http.all(`${PROXY}/*`, async ({ request }) => {
    if (request.method === 'GET') {
      return undefined;
    }
    const path = new URL(request.url).pathname.split('plumbline-models-app/')[1] ?? '';
    sent.push({
      path,
      method: request.method,
      key: request.headers.get('idempotency-key'),
      body: await request.json(),
    });
    const { status, body } = answer(sent.length);
    return body === undefined ? new HttpResponse(null, { status }) : HttpResponse.json(body, { status });
  });
}
