/** An OpenAPI document as something answers can be held against. */
import { Compile } from 'typebox/schema';

export interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: object;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export interface Contract {
  readonly document: Document;
  /** `GET /v1/models/{model}`, …. */
  readonly operations: readonly string[];
  operation(name: string): Operation;
  /** The operation a request reaches. */
  operationOf(method: string, path: string): string;
  /** What of an answer is not as the operation says; empty where all is. */
  faults(operation: string, status: number, answer: unknown): string[];
}

export function contractOf(json: unknown): Contract {
  const document = json as Document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const operation = (name: string): Operation => {
    const [method = '', path = ''] = name.split(' ');
    const found = document.paths[path]?.[method.toLowerCase()];
    if (!found) throw new Error(`the document has no ${name}`);
    return found;
  };
  return {
    ...{ document, operations, operation },
    operationOf: (method, path) => {
      const plain = path.split('?')[0] ?? '';
      const matching = operations.filter(
        (name) => name.startsWith(`${method} `) && pattern(name).test(`${method} ${plain}`),
      );
      // A path written out goes before one with a parameter.
      const found = matching.sort((a, b) => a.split('{').length - b.split('{').length)[0];
      if (found === undefined) throw new Error(`the document has no ${method} ${plain}`);
      return found;
    },
    faults: (name, status, answer) => {
      const { responses } = operation(name);
      const response = responses[status] ?? responses[`${Math.floor(status / 100)}XX`];
      if (!response) return [`${name} does not speak of ${status}`];
      const schema = response.content?.['application/json']?.schema;
      if (!schema) return answer === undefined ? [] : [`${name} answers ${status} without a body`];
      const [, errors] = Compile({ ...schema, components: document.components }).Errors(answer);
      return errors.map(({ instancePath, message }) => `${instancePath} ${message}`);
    },
  };
}

function pattern(name: string): RegExp {
  return new RegExp(`^${name.replace(/\{path\}/g, '.+').replace(/\{\w+\}/g, '[^/]+')}$`);
}
