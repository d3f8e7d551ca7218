/** Policy, activity, runbooks and configuration before a real collector, and what holds of every page. */
import type { Page } from 'playwright-core';
import { seriousFindings } from './support/axe.ts';
import { chromiumPath } from './support/browser.ts';
import { ManagedHost, MODEL, seed } from './support/managed-host.ts';

if (chromiumPath === undefined) {
  process.stderr.write('Browser tests are skipped: no Chromium found. Install it: apt-get install chromium\n');
}
const withChromium = chromiumPath === undefined ? describe.skip : describe;

withChromium('what is managed, in Chromium', () => {
  let on: ManagedHost;

  beforeAll(async () => {
    on = await ManagedHost.start(chromiumPath ?? '');
    await seed(on);
    await on.call('POST', '/versions/v3/transition', {
      to: 'staging',
      reason: 'the labels were wrong',
      override: true,
    });
    await on.call('POST', '/rollback', { to: 'v0', reason: 'worse at night' });
  }, 240_000);
  afterAll(() => on?.close());
  afterEach(async () => {
    on.restoreProxy();
    expect(await on.closePages()).toEqual([]);
  });

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  /** Presses the button, and waits until the collector has answered. */
  const savePolicy = async (page: Page) => {
    const answered = page.waitForResponse((response) => response.request().method() === 'PUT');
    await button(page, 'Save policy').click();
    return (await answered).status();
  };
  const isOff = async (page: Page, name: string) => (await button(page, name).getAttribute('aria-disabled')) === 'true';

  describe('Policy', () => {
    it('saves what an administrator changes, and nothing else', async () => {
      const before = await on.call('GET', '/policy');
      const page = await on.open(`${MODEL}/policy`);
      await page.getByLabel('Accuracy below, critical').fill('0.7');
      await button(page, 'Add a gate').first().waitFor();
      await page.getByRole('button', { name: 'Add a gate' }).last().click();
      await page.getByLabel('Metric').last().fill('f1_weighted');
      await page.getByLabel('Value').last().fill('much');
      expect(await isOff(page, 'Save policy')).toBe(true);
      await page.getByLabel('Value').last().fill('0.6');
      expect(await savePolicy(page)).toBe(200);
      const after = await on.call('GET', '/policy');
      expect(after).toEqual({
        ...before,
        revision: Number(before['revision']) + 1,
        thresholds: { accuracy: { critical: 0.7 } },
        gates: {
          staging: [{ metric: 'accuracy', min: 0.85 }],
          production: [
            { metric: 'accuracy', min: 0.9 },
            { metric: 'f1_weighted', min: 0.6 },
          ],
        },
      });
    });

    it('loses nobody’s change when two save at once', async () => {
      const page = await on.open(`${MODEL}/policy`);
      await page.getByLabel('Accuracy below, critical').fill('0.75');
      await on.call('PUT', '/policy', { retentionDays: 45 });
      expect(await savePolicy(page)).toBe(409);
      await page.getByText(/Somebody else has changed the policy meanwhile/).waitFor();
      expect(await page.getByLabel('Accuracy below, critical').inputValue()).toBe('0.75');
      await button(page, 'Keep what I typed').click();
      expect(await page.getByLabel('Predictions are kept (days)').inputValue()).toBe('45');
      expect(await savePolicy(page)).toBe(200);
      expect(await on.call('GET', '/policy')).toMatchObject({
        retentionDays: 45,
        thresholds: { accuracy: { critical: 0.75 } },
      });
    });

    it('shows it to an editor, who may not change it', async () => {
      const page = await on.open(`${MODEL}/policy`, { role: 'Editor' });
      await page.getByText(/This takes an administrator/).waitFor();
      expect(await page.getByLabel('Accuracy below, critical').isDisabled()).toBe(true);
      expect(await isOff(page, 'Save policy')).toBe(true);
    });
  });

  it('Activity tells who did what and why, and the evidence on request', async () => {
    const page = await on.open(`${MODEL}/activity`, { role: 'Viewer' });
    const row = page.getByRole('row', { name: /Version promoted past its gates v3 .* the labels were wrong/ });
    await row.waitFor();
    await row.getByRole('button').click();
    await page.getByText('"why": "0.8 is below 0.85."').first().waitFor();
    await page.getByLabel('Show').click();
    await page.getByRole('option', { name: 'Rolled back to a version' }).click();
    await page.waitForURL(/action=version.rolled_back/);
    await row.waitFor({ state: 'detached' });
    expect(await page.getByRole('row').count()).toBe(2);
    expect(await page.getByText(/keeps no history of alerts/).count()).toBe(1);
  });

  it('a runbook says what to do, and leads on', async () => {
    const page = await on.open('/a/plumbline-models-app/runbooks', { role: 'Viewer' });
    await page.getByRole('link', { name: 'A feature has drifted' }).click();
    await page.getByRole('heading', { name: 'A feature has drifted', level: 1 }).waitFor();
    for (const name of ['What it means', 'What to look at', 'What to do', 'When nothing is wrong'])
      expect(await page.getByRole('heading', { name }).count()).toBe(1);
    await page.goto(page.url().replace('feature_drift', 'nope'));
    await page.getByText('There is no runbook of the rule nope').waitFor();
  });

  it('says so when the collector does not know the model', async () => {
    const page = await on.open('/a/plumbline-models-app/models/embedded%2Fonly/versions');
    await page.getByText('The collector does not know this model').waitFor();
    await page.goto(page.url().replace('embedded%2Fonly', 'nobody'));
    await page.getByText('The collector does not know this model').waitFor();
  });

  describe('Configuration', () => {
    const CONFIGURATION = '/plugins/plumbline-models-app?page=configuration';
    const test = async (page: Page) => {
      await button(page, 'Test connection').click();
      await page
        .getByRole('status')
        .getByText(/Token to administer:/)
        .waitFor();
      return page
        .getByRole('status')
        .getByText(/^Token to .*: /)
        .allInnerTexts();
    };

    it('tests each token on its own route', async () => {
      const page = await on.open(CONFIGURATION);
      await page.getByText('A provisioned file comes first').waitFor();
      const works = ['Token to read: works', 'Token to operate: works', 'Token to administer: works'];
      expect(await test(page)).toEqual(works);
      expect(await page.getByText(/scopes read, operate, admin/).count()).toBe(1);
    });

    it('tells apart what is wrong with each', async () => {
      on.proxy.tokens['readToken'] = 'revoked';
      on.proxy.tokens['adminToken'] = 'operate-1a2b';
      const page = await on.open(CONFIGURATION, { role: 'Editor' });
      const asEditor = await test(page);
      const admin = await on.open(CONFIGURATION);
      const asAdmin = await test(admin);
      expect(asEditor).toEqual([
        'Token to read: The collector refused the app’s token',
        'Token to operate: works',
        'Token to administer: Your role in Grafana does not allow this',
      ]);
      expect(asAdmin[2]).toBe('Token to administer: The app’s token may not do this');
    });

    it('says when nobody answers', async () => {
      on.proxy.collectorUrl = 'http://127.0.0.1:9';
      const page = await on.open(CONFIGURATION);
      for (const text of await test(page)) expect(text).toMatch(/: The collector cannot be reached$/);
    });
  });

  it('keeps old data in sight when the collector goes away, says so, and recovers on request', async () => {
    const page = await on.open(`${MODEL}/versions`);
    await page.getByRole('row', { name: /v3/ }).waitFor();
    on.proxy.collectorUrl = 'http://127.0.0.1:9';
    // The page asks anew every half minute.
    await page.getByText(/^What you see is from/).waitFor({ timeout: 120_000 });
    expect(await page.getByText('The collector cannot be reached').count()).toBeGreaterThan(0);
    expect(await page.getByRole('row', { name: /v3/ }).count()).toBe(1);
    on.restoreProxy();
    await button(page, 'Try again').last().click();
    await page.getByText(/^What you see is from/).waitFor({ state: 'detached' });
  }, 180_000);

  it.each([
    ['versions', `${MODEL}/versions`, 'dark'],
    ['a version', `${MODEL}/versions?details=v2`, 'light'],
    ['a comparison', `${MODEL}/versions?compare=v1,v2`, 'dark'],
    ['policy', `${MODEL}/policy`, 'light'],
    ['activity', `${MODEL}/activity`, 'dark'],
    ['runbook', '/a/plumbline-models-app/runbooks/accuracy_critical', 'light'],
    ['configuration', '/plugins/plumbline-models-app?page=configuration', 'dark'],
  ] as const)('%s: axe finds nothing serious', async (_name, path, theme) => {
    const page = await on.open(path, { theme });
    await page.waitForLoadState('networkidle');
    await page.getByRole('heading').first().or(page.getByRole('textbox').first()).first().waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });
});
