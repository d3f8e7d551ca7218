/** Requests made from an OpenAPI document by fast-check: mostly as the document says, often a little wrong, at times absurd. */
import fc, { type Arbitrary } from 'fast-check';
import type { Contract } from './contract.ts';
import { signed } from './test-app.ts';

export interface MadeRequest {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

interface Schema {
  readonly [key: string]: unknown;
}

/** Names that are there, so that many requests get beyond "not found". */
const NAMES = ['churn', 'price', '1', '2', 'staging', 'model.bin', 'a.b', 'x'.repeat(128), 'a'.repeat(32)];
/** What most requests ask for: else few would get beyond "not found". */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  model: ['churn', 'price'],
  version: ['1', '2'],
  path: ['model.bin'],
};
const ABSURD = [
  '',
  ' ',
  '..',
  '%00',
  '\u0000',
  '𝕏',
  '%',
  "'; drop table models; --",
  '<b>',
  '-1',
  '1e400',
  'NaN',
  'x'.repeat(300),
];
const DEPTH = 3;

/** One request of each operation. */
export function requestsOf(contract: Contract): Arbitrary<MadeRequest[]> {
  const one = (name: string) =>
    fc.oneof(
      { weight: 3, arbitrary: requestOf(contract, name, false) },
      { weight: 2, arbitrary: requestOf(contract, name, true) },
    );
  return fc.tuple(...contract.operations.map(one));
}

/** Sends one. */
export function send(url: string, { method, path, headers, body }: MadeRequest): Promise<Response> {
  // A webhook nobody signed would never reach its handler.
  const more = path.startsWith('/v1/alerts') ? signed(body ?? '') : {};
  return fetch(url + path, {
    method,
    headers: { ...headers, ...more },
    ...(body !== undefined && method !== 'GET' && { body }),
  });
}

/** What of an answer is not as the document says. Where the path turned out to be no route's, only the shape of errors is known. */
export function faultsOf(contract: Contract, { method }: MadeRequest, response: Response, text: string): string[] {
  if (response.headers.get('content-type')?.startsWith('application/json') !== true) return [];
  const answer = JSON.parse(text) as object;
  if (response.status >= 400) return 'code' in answer && 'requestId' in answer ? [] : [text];
  const path = decodeURI(new URL(response.url).pathname);
  return contract.faults(contract.operationOf(method, path), response.status, answer);
}

/** @param wild whether anything in it may be wrong */
function requestOf(contract: Contract, name: string, wild: boolean): Arbitrary<MadeRequest> {
  const { parameters = [], requestBody } = contract.operation(name);
  const [method = '', template = ''] = name.split(' ');
  const values = fc.record(
    Object.fromEntries(
      parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, parameterOf(parameter, wild)]),
    ),
  );
  const contents = Object.entries(requestBody?.content ?? {}).filter(([type]) => type !== 'multipart/form-data');
  const body =
    contents.length === 0
      ? fc.constant({ type: undefined, text: undefined })
      : fc.oneof(...contents.map(([type, { schema }]) => bodyOf(contract, type, schema as Schema, wild)));
  return fc
    .record({
      values,
      body,
      key: wild ? fc.option(fc.constantFrom('k1', 'k2', ''), { nil: undefined }) : fc.constant(undefined),
      more: wild ? query : fc.constant<[string, string][]>([]),
    })
    .map(({ values: given, body: { type, text }, key, more }) => {
      const search = new URLSearchParams(more);
      let path = template;
      for (const parameter of parameters) {
        const value = given[`${parameter.in} ${parameter.name}`];
        if (value === undefined) continue;
        if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, encodeURIComponent(value));
        else search.append(parameter.name, value);
      }
      const headers = {
        ...(type !== undefined && { 'content-type': type }),
        ...(key !== undefined && { 'idempotency-key': key }),
      };
      const suffix = search.size > 0 ? `?${search}` : '';
      return { operation: name, method, path: path + suffix, headers, body: text };
    });
}

/** Now and then a parameter nobody knows. */
const query: Arbitrary<[string, string][]> = fc.oneof(
  { weight: 9, arbitrary: fc.constant<[string, string][]>([]) },
  { weight: 1, arbitrary: fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 2 }) },
);

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: object;
}

function parameterOf({ name, in: place, required, schema }: Parameter, wild: boolean): Arbitrary<string | undefined> {
  const text = fittingText(schema as Schema);
  const known = KNOWN[name];
  const fitting = known
    ? fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: text })
    : text;
  const absurd = fc.oneof(fc.constantFrom(...ABSURD), fc.string({ unit: 'binary', maxLength: 50 }));
  const made = wild ? fc.oneof({ weight: 4, arbitrary: fitting }, { weight: 1, arbitrary: absurd }) : fitting;
  if (place === 'path') return made.map((text) => text || 'empty');
  if (wild) return fc.option(made, { nil: undefined });
  return required === true
    ? made
    : fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: made });
}

function fittingText({
  type,
  minimum = 0,
  maximum = 1000,
  enum: values,
  description,
  pattern,
}: Schema): Arbitrary<string> {
  if (type === 'integer') return fc.integer({ min: Number(minimum), max: Number(maximum) }).map(String);
  if (Array.isArray(values)) return fc.constantFrom(...(values as string[]));
  if (String(description).includes('RFC 3339')) return time;
  if (pattern === '^[0-9a-f]{32}$') return fc.constant('a'.repeat(32));
  return fc.constantFrom(...NAMES);
}

const time = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.integer().map(String),
  fc.constantFrom('2026-01-01', '2026-01-01T00:00:00Z', '8640000000000001'),
);

function bodyOf(contract: Contract, type: string, schema: Schema, wild: boolean) {
  const json = wild ? valueOf(contract, schema, DEPTH, wild) : fittingValue(contract, schema, DEPTH, wild);
  const text = type.includes('ndjson')
    ? fc.array(json, { maxLength: 5 }).map((rows) => rows.map((row) => stringify(row)).join('\n'))
    : json.map(stringify);
  if (!wild) return text.map((made) => ({ type, text: made }));
  return fc
    .oneof(
      { weight: 12, arbitrary: text },
      { weight: 2, arbitrary: fc.json() },
      { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
      { weight: 1, arbitrary: fc.constantFrom('', '{', '[]', 'null', '{"__proto__":{}}', deep) },
    )
    .map((made) => ({ type, text: made }));
}

/** Nested so deep that whoever walks it by recursion falls. */
const deep = `{"reason":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;

function stringify(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}

/** A value of a schema; one in ten places it is something else. */
function valueOf(contract: Contract, schema: Schema, depth: number, wild: boolean): Arbitrary<unknown> {
  const fitting = fittingValue(contract, schema, depth, wild);
  if (!wild) return fitting;
  return fc.oneof({ weight: 14, arbitrary: fitting }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) });
}

function fittingValue(contract: Contract, schema: Schema, depth: number, wild: boolean): Arbitrary<unknown> {
  const { $ref, anyOf, enum: values, const: constant, type } = schema;
  if (typeof $ref === 'string') {
    const named = contract.document.components.schemas[$ref.split('/').at(-1) as string] as Schema;
    return fittingValue(contract, named, depth, wild);
  }
  if (Array.isArray(anyOf))
    return fc.oneof(...(anyOf as Schema[]).map((one) => fittingValue(contract, one, depth, wild)));
  if (Array.isArray(values)) return fc.constantFrom(...(values as unknown[]));
  if (constant !== undefined) return fc.constant(constant);
  switch (type) {
    case 'object':
      return objectOf(contract, schema, depth, wild);
    case 'array':
      return depth === 0
        ? fc.constant([])
        : fc.array(valueOf(contract, (schema['items'] ?? {}) as Schema, depth - 1, wild), {
            minLength: wild ? 0 : Number(schema['minItems'] ?? 0),
            maxLength: 4,
          });
    case 'string':
      if (schema['pattern'] !== undefined || !wild) return fc.constantFrom(...NAMES);
      return fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: 'binary', maxLength: 20 }), time);
    case 'number':
    case 'integer':
      return numberOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function numberOf({ type, minimum, exclusiveMinimum, maximum }: Schema): Arbitrary<number> {
  const above = exclusiveMinimum === undefined ? -1e6 : Number(exclusiveMinimum) + 0.5;
  const [low, high] = [Number(minimum ?? above), Number(maximum ?? 1e6)];
  if (type === 'integer') return fc.integer({ min: Math.ceil(low), max: Math.min(Math.floor(high), 2 ** 31 - 1) });
  return fc.oneof(fc.double({ min: low, max: high, noNaN: true }), fc.constantFrom(low, high, 0.5));
}

function objectOf(contract: Contract, schema: Schema, depth: number, wild: boolean): Arbitrary<unknown> {
  const { properties, patternProperties, required = [] } = schema;
  const inner = (one: Schema) => (depth === 0 ? fc.constant({}) : valueOf(contract, one, depth - 1, wild));
  const values = Object.values((patternProperties ?? {}) as Record<string, Schema>)[0];
  if (values)
    return fc.dictionary(fc.oneof(fc.string({ maxLength: 10 }), fc.constantFrom(...NAMES)), inner(values), {
      maxKeys: 4,
    });
  const entries = Object.entries((properties ?? {}) as Record<string, Schema>);
  const fields = Object.fromEntries(entries.map(([name, one]) => [name, inner(one)]));
  const whole = fc.record(fields, { requiredKeys: required as string[] });
  if (wild) return whole;
  // With every field that may be left out the chance that rules between fields are kept goes to nothing.
  const bare = Object.fromEntries(Object.entries(fields).filter(([name]) => (required as string[]).includes(name)));
  return fc.oneof(whole, fc.record(bare));
}
