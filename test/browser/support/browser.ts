/** Opens pages of the plugin in headless Chromium and listens for everything that goes wrong on them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { findTool } from '../../support/tools.ts';

/** What the host page is to be like; see test/grafana-plugin/host/scenario.ts. */
export interface Scenario {
  theme?: 'light' | 'dark';
  role?: 'Viewer' | 'Editor' | 'Admin';
  data?: 'models' | 'unrecorded' | 'empty' | 'failing' | 'slow';
}

/** A page and the faults seen on it so far: console errors and uncaught exceptions. */
export interface WatchedPage {
  page: Page;
  faults: string[];
}

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where Chromium is installed, if it is. */
export const chromiumPath = findTool('chromium') ?? findTool('chromium-browser') ?? findTool('google-chrome');

/** One Chromium with a profile of its own; a fresh page for each test. */
export class TestBrowser {
  private readonly context: BrowserContext;
  private readonly profile: string;

  private constructor(context: BrowserContext, profile: string) {
    this.context = context;
    this.profile = profile;
  }

  static async launch(executablePath: string): Promise<TestBrowser> {
    const profile = mkdtempSync(join(tmpdir(), 'plumbline-chromium-'));
    const options = { executablePath, args: ARGUMENTS, headless: true, viewport: { width: 1400, height: 900 } };
    return new TestBrowser(await chromium.launchPersistentContext(profile, options), profile);
  }

  async open(url: string, scenario: Scenario = {}): Promise<WatchedPage> {
    const page = await this.context.newPage();
    // The host page is 17 MB of script; on a loaded machine its start alone takes many seconds.
    page.setDefaultNavigationTimeout(60_000);
    const faults: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.addInitScript(`window.plumblineScenario = ${JSON.stringify(scenario)};`);
    await page.goto(url);
    return { page, faults };
  }

  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }
}
