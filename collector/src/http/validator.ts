/** Requests against their schemas: nothing is guessed, and what is wrong is said with the field's name and what would be right. */
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { PlumblineError } from '../errors.ts';

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

type Shape = { readonly [key: string]: unknown };

/** How each part is called in messages. */
const PARTS: Readonly<Record<string, string>> = {
  querystring: 'query',
  params: 'path',
  headers: 'headers',
  body: 'body',
};
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** Compiles a schema of a route; only the text of queries and paths is turned into numbers and truth values, and only where it is one. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = 'body', contentType }) => {
  // An upload is checked part by part, as it arrives.
  if (contentType === 'multipart/form-data') return (value: unknown) => ({ value });
  const compiled = Compile(schema);
  return (given: unknown) => {
    const value = httpPart === 'body' ? given : fromText(schema as Shape, given);
    if (compiled.Check(value)) return { value };
    return { error: describe(schema as Shape, PARTS[httpPart] ?? httpPart, compiled.Errors(value) as SchemaError[]) };
  };
};

function fromText(schema: Shape, given: unknown): unknown {
  const properties = schema['properties'] as Readonly<Record<string, Shape>> | undefined;
  if (typeof given !== 'object' || given === null || !properties) return given;
  const entries = Object.entries(given).map(([name, text]) => [name, scalar(properties[name]?.['type'], text)]);
  return Object.fromEntries(entries);
}

function scalar(type: unknown, text: unknown): unknown {
  if (typeof text !== 'string') return text;
  if ((type === 'integer' || type === 'number') && NUMBER.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** The one error worth telling: a name nobody knows, then what is missing, then the innermost of the others. */
function describe(schema: Shape, part: string, errors: readonly SchemaError[]): PlumblineError {
  const unknown = errors.find(({ keyword }) => keyword === 'additionalProperties');
  if (unknown) return unknownField(schema, part, unknown);
  const missing = errors.find(({ keyword }) => keyword === 'required');
  const error = missing ?? errors.find(({ keyword }) => keyword !== 'boolean' && keyword !== 'anyOf') ?? errors[0];
  if (missing) {
    const names = (missing.params as { readonly requiredProperties?: readonly string[] }).requiredProperties ?? [];
    return invalid(`${place(part, missing)}: ${list(names)} is missing.`, `Add ${list(names)}.`);
  }
  if (!error) return invalid(`${part}: is not what this route takes.`, 'See /docs.');
  return invalid(`${place(part, error)}: ${reason(errors, error)}.`, 'Correct it; /docs shows what each field takes.');
}

function unknownField(schema: Shape, part: string, error: SchemaError): PlumblineError {
  const names = (error.params as { readonly additionalProperties?: readonly string[] }).additionalProperties ?? [];
  const known = Object.keys(schemaAt(schema, error.instancePath));
  const help = known.length > 0 ? `Known are: ${known.join(', ')}.` : 'Leave it out: there is none here.';
  return invalid(`${place(part, error)}: ${list(names)} is not known here.`, help);
}

function reason(errors: readonly SchemaError[], { keyword, params, message, instancePath }: SchemaError): string {
  if (keyword === 'enum')
    return `must be one of ${list((params as { readonly allowedValues: string[] }).allowedValues)}`;
  if (keyword === 'pattern') return 'has a character, a length or a form that is not allowed here';
  const others = errors.filter((error) => error.keyword === keyword && error.instancePath === instancePath);
  return [...new Set([message, ...others.map((error) => error.message)])].join(' or ');
}

function schemaAt(schema: Shape, path: string): object {
  let at: Shape | undefined = schema;
  for (const step of path.split('/').slice(1))
    at = ((at?.['properties'] as Shape | undefined)?.[step] ?? at?.['items']) as Shape | undefined;
  return (at?.['properties'] as object | undefined) ?? {};
}

/** `body.tags.team`; names come from the client, so they are cut. */
function place(part: string, { instancePath }: SchemaError): string {
  return `${part}${instancePath.replaceAll('/', '.')}`.slice(0, 200);
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${String(name).slice(0, 60)}"`);
  return shown.join(', ') + (names.length > 5 ? ', …' : '');
}

function invalid(message: string, help: string): PlumblineError {
  return new PlumblineError('invalid_request', message, help);
}
