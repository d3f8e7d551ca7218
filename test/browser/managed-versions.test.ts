/** The Versions page before a real collector: each action changes what the collector holds. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { chromiumPath } from './support/browser.ts';
import { ManagedHost, MODEL, seed } from './support/managed-host.ts';

if (chromiumPath === undefined) {
  process.stderr.write('Browser tests are skipped: no Chromium found. Install it: apt-get install chromium\n');
}
const withChromium = chromiumPath === undefined ? describe.skip : describe;

withChromium('versions, in Chromium', () => {
  let on: ManagedHost;

  beforeAll(async () => {
    on = await ManagedHost.start(chromiumPath ?? '');
    await seed(on);
  }, 240_000);
  afterAll(() => on?.close());
  afterEach(async () => {
    on.restoreProxy();
    expect(await on.closePages()).toEqual([]);
  });

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const dialog = (page: Page, name: RegExp) => page.getByRole('dialog', { name });
  const reasonIn = (open: Locator) => open.getByRole('textbox', { name: /^Reason/ });
  const stageOf = async (version: string) => (await on.call('GET', `/versions/${version}`))['stage'];
  const isOff = async (page: Page, name: string) => (await button(page, name).getAttribute('aria-disabled')) === 'true';

  describe('Versions', () => {
    it('lists every version with stage and the time it was live', async () => {
      const page = await on.open(`${MODEL}/versions`);
      await page.getByText('Version v1 is in production').waitFor();
      expect(await page.getByText(/promoted by .*: good$/).count()).toBe(1);
      const cells = await page.getByRole('row', { name: /v0/ }).getByRole('cell').allInnerTexts();
      expect(cells[2]).toBe('deprecated');
      expect(cells[3]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d to \d{4}-/);
      expect(await page.getByRole('row', { name: /v1 production live since/ }).count()).toBe(1);
      expect(await page.getByRole('row').count()).toBe(5);
      const tabs = await page.getByRole('tab').allInnerTexts();
      expect(tabs).toEqual(['Performance and drift', 'Versions', 'Policy', 'Activity']);
    });

    it('tells all of a version at an address of its own', async () => {
      const page = await on.open(`${MODEL}/versions?details=v2`);
      const { digest } = await on.call('GET', '/versions/v2');
      await page.getByText(String(digest), { exact: true }).waitFor();
      expect(await page.getByText('model/weights.bin').count()).toBe(1);
    });

    it('compares two', async () => {
      const page = await on.open(`${MODEL}/versions`);
      await page.getByRole('row', { name: /v2/ }).waitFor();
      expect(await isOff(page, 'Compare')).toBe(true);
      for (const version of ['v2', 'v3'])
        await page.getByRole('checkbox', { name: `Compare version ${version}` }).check({ force: true });
      await button(page, 'Compare').click();
      await page.getByRole('row', { name: 'accuracy 0.95 0.8 -0.15' }).waitFor();
      expect(await page.getByText('model/weights.bin').count()).toBe(1);
    });

    it('saves one with its files, in their folder, and opens it', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'plumbline-files-'));
      mkdirSync(join(folder, 'artifact/deep'), { recursive: true });
      writeFileSync(join(folder, 'artifact/model.bin'), Buffer.alloc(3_000_000, 7));
      writeFileSync(join(folder, 'artifact/deep/vocabulary.txt'), 'stays\nleaves\n');
      const page = await on.open(`${MODEL}/versions`, { role: 'Editor' });
      await button(page, 'Save a version').click();
      expect(await isOff(page, 'Save')).toBe(true);
      await page.getByLabel('or a folder').setInputFiles(join(folder, 'artifact'));
      await page.locator('#plumbline-save-version').fill('from-here');
      await page.getByLabel('Metrics').fill('{"accuracy": 0.9, "n": 100}');
      await button(page, 'Save').click();
      await page.waitForURL(/details=from-here/);
      await page.getByText('deep/vocabulary.txt').waitFor();
      const saved = (await on.call('GET', '/versions/from-here')) as unknown as { files: { path: string }[] };
      expect(saved).toMatchObject({ metrics: { accuracy: 0.9, n: 100 }, origin: 'upload', stage: 'development' });
      expect(saved.files.map(({ path }) => path).sort()).toEqual(['deep/vocabulary.txt', 'model.bin']);
      rmSync(folder, { recursive: true });
    });

    it('keeps the dialog when the collector refuses, with its message and help', async () => {
      const page = await on.open(`${MODEL}/versions`);
      await button(page, 'Save a version').click();
      await page
        .getByLabel('Files', { exact: true })
        .setInputFiles({ name: 'a.bin', mimeType: '', buffer: Buffer.from('a') });
      await page.locator('#plumbline-save-version').fill('v1');
      await button(page, 'Save').click();
      await page.getByText('The collector refused').waitFor();
      expect(await page.getByRole('alert').innerText()).toMatch(/\bv1\b/);
      expect(await page.getByText(/^Request [\w-]+$/).count()).toBe(1);
      expect(await page.locator('#plumbline-save-version').inputValue()).toBe('v1');
    });

    it('promotes on the evidence it shows, and not before', async () => {
      const page = await on.open(`${MODEL}/versions?details=v2`, { role: 'Editor' });
      await button(page, 'Promote').click();
      const open = dialog(page, /Move version v2 to staging/);
      await open
        .getByRole('row', { name: /accuracy met 0.95 at least 0.85 4,000 metrics it was saved with/ })
        .waitFor();
      const confirm = open.getByRole('button', { name: 'Promote' });
      expect(await confirm.getAttribute('aria-disabled')).toBe('true');
      await reasonIn(open).fill('better on May');
      await confirm.click();
      await open.waitFor({ state: 'detached' });
      await page.getByText('staging').first().waitFor();
      expect(await stageOf('v2')).toBe('staging');
    });

    it('shows why a gate is not met; past it goes only an administrator', async () => {
      const editor = await on.open(`${MODEL}/versions?details=v3`, { role: 'Editor' });
      await button(editor, 'Promote').click();
      const refused = dialog(editor, /Move version v3/);
      await refused.getByText('0.8 is below 0.85.').waitFor();
      await reasonIn(refused).fill('please');
      expect(await refused.getByRole('button', { name: 'Promote' }).getAttribute('aria-disabled')).toBe('true');
      expect(await refused.getByText(/This takes an administrator/).count()).toBe(1);
      expect(await refused.getByRole('switch').isDisabled()).toBe(true);

      const admin = await on.open(`${MODEL}/versions?details=v3`);
      await button(admin, 'Promote').click();
      const open = dialog(admin, /Move version v3/);
      await open.getByRole('switch').check({ force: true });
      await reasonIn(open).fill('the labels were wrong');
      await open.getByRole('button', { name: 'Pass over the gates' }).click();
      await open.waitFor({ state: 'detached' });
      expect(await stageOf('v3')).toBe('staging');
      const moves = (await on.call('GET', '/transitions?limit=1')) as unknown as { items: object[] };
      expect(moves.items[0]).toMatchObject({ version: 'v3', kind: 'overridden', reason: 'the labels were wrong' });
    });

    it('stays open when the gate has moved meanwhile', async () => {
      const page = await on.open(`${MODEL}/versions?details=v2`);
      await button(page, 'Promote').click();
      const open = dialog(page, /Move version v2 to production/);
      await open.getByRole('row', { name: /accuracy met/ }).waitFor();
      await reasonIn(open).fill('better on May');
      await on.call('PUT', '/policy', { gates: { production: [{ metric: 'accuracy', min: 0.97 }], staging: [] } });
      await open.getByRole('button', { name: 'Promote' }).click();
      await open.getByText('The collector refused').waitFor();
      await open.getByRole('row', { name: /accuracy not met 0.95 at least 0.97/ }).waitFor();
      expect(await reasonIn(open).inputValue()).toBe('better on May');
      expect(await stageOf('v2')).toBe('staging');
      await on.call('PUT', '/policy', { gates: { production: [], staging: [] } });
    });

    it('rolls back once the name has been typed, by the keyboard alone', async () => {
      const page = await on.open(`${MODEL}/versions`, { role: 'Editor' });
      await button(page, 'Roll back').focus();
      await page.keyboard.press('Enter');
      const open = dialog(page, /Roll back churn/);
      await open.getByText('Version v0 goes back into production and v1 becomes deprecated.').waitFor();
      await open.getByLabel('Type v0 to confirm').focus();
      await page.keyboard.type('v');
      await page.keyboard.press('Tab');
      await page.keyboard.type('worse at night');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await stageOf('v0')).toBe('deprecated');
      await open.getByLabel('Type v0 to confirm').focus();
      await page.keyboard.type('0');
      for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByText('Version v0 is in production').waitFor();
      expect([await stageOf('v0'), await stageOf('v1')]).toEqual(['production', 'deprecated']);
    });

    it('deprecates', async () => {
      const page = await on.open(`${MODEL}/versions?details=v0`);
      await button(page, 'Deprecate').click();
      const open = dialog(page, /Deprecate version v0/);
      await reasonIn(open).fill('switched off');
      await open.getByRole('button', { name: 'Deprecate' }).click();
      await page.getByText('No version is in production').waitFor();
      expect(await stageOf('v0')).toBe('deprecated');
    });

    it('shows a viewer everything and lets them press nothing', async () => {
      const page = await on.open(`${MODEL}/versions?details=v2`, { role: 'Viewer' });
      for (const name of ['Promote', 'Roll back to this', 'Deprecate']) {
        await button(page, name).waitFor();
        expect([name, await isOff(page, name)]).toEqual([name, true]);
      }
      await button(page, 'Promote').focus();
      await page
        .getByRole('tooltip')
        .getByText(/Your role may only look/)
        .waitFor();
      await page.keyboard.press('Enter');
      expect(await dialog(page, /Move version/).count()).toBe(0);
    });
  });
});
