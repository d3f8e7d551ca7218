/** The page that shows the API, in a real browser: what its policy forbids would only show there. */
import { startApp, type TestApp } from '../collector/http/support/test-app.ts';
import { chromiumPath, TestBrowser } from './support/browser.ts';

if (chromiumPath === undefined) {
  process.stderr.write('Browser tests are skipped: no Chromium found. Install it: apt-get install chromium\n');
}
const withChromium = chromiumPath === undefined ? test.skip : test;

let on: TestApp;
let browser: TestBrowser | undefined;
beforeAll(async () => void (on = await startApp()));
afterAll(async () => {
  await browser?.close();
  await on.app.close();
});

withChromium('shows every operation, asks one, and loads nothing from elsewhere', async () => {
  browser = await TestBrowser.launch(chromiumPath ?? '');
  const { page, faults } = await browser.open('about:blank');
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(on.url) && !request.url().startsWith('data:')) foreign.push(request.url());
  });
  await page.goto(`${on.url}/docs`);
  await page.waitForSelector('.opblock');
  const documented = (await (await on.get('/openapi.json')).json()) as { paths: Record<string, object> };
  const operations = Object.values(documented.paths).flatMap((path) => Object.keys(path));
  expect(await page.locator('.opblock').count()).toBe(operations.length);
  await page.locator('#operations-models-getModels').click();
  await page.locator('.try-out__btn').first().click();
  await page.locator('button.execute').first().click();
  await page.waitForSelector('.live-responses-table .response-col_status');
  expect(await page.locator('.live-responses-table .response-col_status').last().innerText()).toContain('200');
  expect([faults, foreign]).toEqual([[], []]);
});
