/**
 * Writes the types of the collector's HTTP API from its own OpenAPI document, so that the app cannot come to differ from it.
 * Run it after a route or a schema has changed: `npm run types -w grafana-plugin`. What it writes is committed, because the
 * build of the app knows nothing of the collector; a test (test/contract/api-types.test.ts) holds the two together.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { readConfig } from '../../collector/src/config.ts';
import { startService } from '../../collector/src/service.ts';

/** The file that is written. */
export const API_TYPES = fileURLToPath(new URL('../src/control-plane/generated/api.ts', import.meta.url));

const HEADER =
  '// Written by grafana-plugin/scripts/write-api-types.ts from /openapi.json of the collector; change it there.\n';

/** The types of an OpenAPI document, as the file holds them. */
export async function apiTypes(document: string): Promise<string> {
  const nodes = await openapiTS(document, { alphabetize: true, defaultNonNullable: false });
  return HEADER + COMMENT_HEADER + astToString(nodes);
}

/** The document of a collector on a database of its own that is thrown away. */
async function document(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-openapi-'));
  const service = await startService(readConfig({ PLUMBLINE_DATA: folder, PLUMBLINE_PORT: '0' }), '0.0.0');
  try {
    return await (await fetch(`${service.url}/openapi.json`)).text();
  } finally {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  void document()
    .then(apiTypes)
    .then((types) => writeFileSync(API_TYPES, types));
