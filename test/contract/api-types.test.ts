/** The app's types of the API are those of the collector's own document. */
import { readFileSync } from 'node:fs';
import { API_TYPES, apiTypes } from '../../grafana-plugin/scripts/write-api-types.ts';
import { startApp, type TestApp } from '../collector/http/support/test-app.ts';

let on: TestApp;
beforeAll(async () => void (on = await startApp()));
afterAll(() => on.app.close());

test('the committed file is what the document gives; else: npm run types -w grafana-plugin', async () => {
  const written = await apiTypes(await (await on.get('/openapi.json')).text());
  expect(readFileSync(API_TYPES, 'utf8') === written).toBe(true);
});

test('another document gives another file', async () => {
  const document = (await (await on.get('/openapi.json')).text()).replaceAll('apiVersion', 'apiGeneration');
  expect(readFileSync(API_TYPES, 'utf8') === (await apiTypes(document))).toBe(false);
});
