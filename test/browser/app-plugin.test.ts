/** The built bundle in a real browser on the real Grafana packages; only Prometheus and Grafana's server are stood in for. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { chromiumPath, type Scenario, TestBrowser, type WatchedPage } from './support/browser.ts';
import { builtModule, type HostServer, startHost } from './support/host-server.ts';

const MODELS = '/a/plumbline-models-app/models';
const PANELS = [
  'Accuracy',
  'Weighted F1',
  'F1 per class',
  'Samples (n)',
  'Predicted classes',
  'Shift of predicted classes',
  'Drift statistic per feature',
  'Drift verdict per feature',
  'Labels by status',
  'Predictions waiting for a label',
];

if (chromiumPath === undefined) {
  process.stderr.write('Browser tests are skipped: no Chromium found. Install it: apt-get install chromium\n');
}
const withChromium = chromiumPath === undefined ? describe.skip : describe;

withChromium('the app plugin in Chromium', () => {
  let host: HostServer;
  let browser: TestBrowser;
  let opened: WatchedPage[] = [];

  beforeAll(async () => {
    host = await startHost();
    browser = await TestBrowser.launch(chromiumPath ?? '');
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await host?.close();
  });

  afterEach(async () => {
    const faults = opened.flatMap((watched) => watched.faults);
    await Promise.all(opened.map(({ page }) => page.close()));
    opened = [];
    expect(faults).toEqual([]);
  });

  async function open(path: string, scenario: Scenario = {}): Promise<Page> {
    const watched = await browser.open(host.url + path, scenario);
    opened.push(watched);
    return watched.page;
  }

  const cellsOf = async (page: Page, name: RegExp): Promise<string[]> => {
    const row = page.getByRole('row', { name });
    await row.waitFor();
    return row
      .getByRole('cell')
      .allInnerTexts()
      .then((texts) => texts.map((text) => text.trim().replaceAll(/\s+/g, ' ')));
  };

  it.each(['Viewer', 'Editor', 'Admin'] as const)('lists every model and version to a %s', async (role) => {
    const page = await open(MODELS, { role, theme: role === 'Editor' ? 'light' : 'dark' });
    expect(await cellsOf(page, /electricity 2/)).toEqual([
      'electricity',
      '2',
      '70.4% Critical: below 80.0%',
      '69.8% Warning: below 75.0%',
      '1,890',
      '3 of 6 drifted',
      '2,100',
    ]);
    expect(await cellsOf(page, /electricity 1/)).toEqual([
      'electricity',
      '1',
      '85.3%',
      '85.1%',
      '4,321',
      '0 of 6',
      '5,013',
    ]);
    // Without labels, and with too few rows to judge drift, a model is listed all the same.
    expect(await cellsOf(page, /churn/)).toEqual([
      'churn',
      '2026-11',
      'no labels yet',
      'no labels yet',
      '0',
      'fewer than 100 rows',
      '42',
    ]);
    expect(await page.getByRole('row').count()).toBe(5);
  });

  it('opens a version from the list and keeps time range and window', async () => {
    const page = await open(`${MODELS}?from=now-24h&to=now&var-window=24h`);
    await page
      .getByRole('row', { name: /electricity 2/ })
      .getByRole('link')
      .click();
    await page.getByRole('heading', { name: 'electricity', level: 1 }).waitFor();
    await page.getByRole('row', { name: /vicprice/ }).waitFor();
    const { pathname, searchParams } = new URL(page.url());
    expect(pathname).toBe(`${MODELS}/electricity`);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      from: 'now-24h',
      to: 'now',
      'var-window': '24h',
      'var-version': '2',
    });
  });

  it.each(['light', 'dark'] as const)('draws every panel of the model page with data (%s)', async (theme) => {
    const page = await open(`${MODELS}/electricity`, { theme });
    await page.setViewportSize({ width: 1400, height: 2600 });
    for (const title of PANELS) {
      await page.getByRole('heading', { name: title, exact: true }).waitFor();
    }
    await page.waitForFunction('document.querySelectorAll(".uplot canvas").length === 9');
    expect(await page.getByText('No data').count()).toBe(0);
    expect(await page.getByText('vicprice: drifted').count()).toBe(1);
    expect(await page.getByText('nswprice: no drift').count()).toBe(1);
    // The newest version is chosen, and the table puts the worst feature first.
    expect(new URL(page.url()).searchParams.get('var-version')).toBe('2');
    expect(await cellsOf(page, /vicprice/)).toEqual([
      'vicprice',
      'drifted',
      '0.317 Kolmogorov–Smirnov',
      '0.043',
      '1,890',
      '3fa9c1d2e4b5',
    ]);
    expect(await cellsOf(page, /^day/)).toEqual([
      'day',
      'no drift',
      '0.028 Jensen–Shannon',
      '0.043',
      '1,890',
      '3fa9c1d2e4b5',
    ]);
  });

  it('shows last values in legends only while they are as new as the table', async () => {
    const page = await open(`${MODELS}/electricity`);
    const legend = page.getByText('Last *:');
    await legend.first().waitFor();
    await page.goto(`${host.url}${MODELS}/electricity?from=now-24h&to=now`);
    await page.waitForFunction('document.querySelectorAll(".uplot canvas").length > 0');
    await page.getByRole('button', { name: 'weighted F1', exact: true }).waitFor();
    expect(await legend.count()).toBe(0);
  });

  it.each(['Viewer', 'Editor'] as const)('offers Explore on a panel to those who may: %s', async (role) => {
    const page = await open(`${MODELS}/electricity`, { role });
    await page.locator('.uplot canvas').first().waitFor();
    const menu = page.getByTestId('data-testid Panel menu Accuracy');
    expect(await menu.count()).toBe(role === 'Viewer' ? 0 : 1);
    if (role === 'Viewer') return;
    await page.getByRole('heading', { name: 'Accuracy', exact: true }).hover();
    await menu.click();
    const link = page.getByRole('menuitem', { name: 'Explore' });
    await link.waitFor();
    expect(decodeURIComponent((await link.getAttribute('href')) ?? '')).toContain('ml:accuracy:');
  });

  it('says so when the version asked for does not exist in this time', async () => {
    const page = await open(`${MODELS}/electricity?var-version=99`);
    await page.getByText('Prometheus knows no version 99 of this model in this time').waitFor();
    await page.getByRole('button', { name: 'Open version 2' }).click();
    await page.getByRole('row', { name: /vicprice/ }).waitFor();
    expect(new URL(page.url()).searchParams.get('var-version')).toBe('2');
    expect(await page.getByText('knows no version').count()).toBe(0);
  });

  it('finds a model whose name holds a slash, quotes and a percent sign, also after a reload', async () => {
    const page = await open(MODELS);
    const name = 'fraud/eu "b" 50%';
    await page.getByRole('link', { name }).click();
    for (const again of [false, true]) {
      if (again) await page.reload();
      await page.getByRole('heading', { name, level: 1 }).waitFor();
      await page.getByText('holds no reference profile').waitFor();
      expect(new URL(page.url()).searchParams.get('var-version')).toBe('1');
      expect(await page.getByText('knows no version').count()).toBe(0);
    }
  });

  it('says so when Prometheus knows nothing of a model', async () => {
    const page = await open(`${MODELS}/nope`);
    await page.getByText('Prometheus knows no version of this model in this time').waitFor();
    await page.getByRole('link', { name: 'all models' }).click();
    await page.getByRole('row', { name: /churn/ }).waitFor();
  });

  it('shows how to send the first prediction when Prometheus is empty', async () => {
    const page = await open(MODELS, { data: 'empty' });
    await page.getByText('No model has reported in this time').waitFor();
    expect(
      await page.getByText("import { createMonitor, startMetricExport } from '@plumbline/collector';").count(),
    ).toBe(1);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('says that it is loading while Prometheus takes its time', async () => {
    const page = await open(MODELS, { data: 'slow' });
    await page.getByText('Asking Prometheus for models…').waitFor();
    await page.evaluate('window.setPlumblineData("models")');
    await page.getByRole('row', { name: /churn/ }).waitFor();
  });

  it('names the fault when Prometheus is down, and recovers on request', async () => {
    const page = await open(MODELS, { data: 'failing' });
    await page.getByText('Prometheus could not be read').waitFor();
    expect(await page.getByText('connect ECONNREFUSED 127.0.0.1:9090').count()).toBe(1);
    await page.evaluate('window.setPlumblineData("models")');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('row', { name: /churn/ }).waitFor();
    expect(await page.getByText('Prometheus could not be read').count()).toBe(0);
  });

  it('asks again when another window is chosen, and mends a window nobody records', async () => {
    const page = await open(`${MODELS}?var-window=bogus`);
    await page.getByRole('row', { name: /churn/ }).waitFor();
    expect(new URL(page.url()).searchParams.get('var-window')).toBe('1h');
    await page.getByLabel('Window').click();
    await page.keyboard.type('7x');
    expect(await page.getByRole('option').count()).toBe(0);
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await page.getByRole('option', { name: '5m' }).click();
    await page.waitForURL(/var-window=5m/);
    await page.getByRole('row', { name: /churn/ }).waitFor();
  });

  it('leads an unknown address to the models', async () => {
    const page = await open('/a/plumbline-models-app/elsewhere');
    await page.getByRole('row', { name: /churn/ }).waitFor();
    expect(new URL(page.url()).pathname).toBe(MODELS);
  });
});

describe('the built bundle', () => {
  it('costs Grafana little until somebody opens the app', () => {
    expect(gzipSync(readFileSync(builtModule())).length).toBeLessThan(60 * 1024);
  }, 240_000);
});
