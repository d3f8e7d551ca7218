/** The built app on its host page before a real collector: SQLite in a folder of its own, three tokens, one model with two versions. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type Answer, type Collector, startCollector } from '../../journey/support/collector.ts';
import { type Scenario, TestBrowser, type WatchedPage } from './browser.ts';
import { type HostServer, startHost } from './host-server.ts';
import type { PluginProxy } from './plugin-proxy.ts';

const TOKENS = { readToken: 'read-1a2b', operateToken: 'operate-1a2b', adminToken: 'admin-1a2b' };
const SCOPED = 'read:read-1a2b,operate:operate-1a2b,admin:admin-1a2b,ingest:ingest-1a2b';

/** Where the pages about the model lie. */
export const MODEL = '/a/plumbline-models-app/models/churn';

/** Everything one test file needs. */
export class ManagedHost {
  readonly collector: Collector;
  readonly proxy: PluginProxy;
  private readonly host: HostServer;
  private readonly browser: TestBrowser;
  private readonly folder: string;
  private opened: WatchedPage[] = [];

  private constructor(parts: Pick<ManagedHost, 'collector' | 'proxy'> & ManagedParts) {
    this.collector = parts.collector;
    this.proxy = parts.proxy;
    this.host = parts.host;
    this.browser = parts.browser;
    this.folder = parts.folder;
  }

  static async start(chromium: string): Promise<ManagedHost> {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-managed-'));
    const collector = await startCollector(
      { PLUMBLINE_DATA: folder, PLUMBLINE_TOKENS: SCOPED, PLUMBLINE_RATE_LIMIT: '0' },
      TOKENS.adminToken,
    );
    const proxy = { collectorUrl: collector.url, tokens: { ...TOKENS } };
    const [host, browser] = await Promise.all([startHost(proxy), TestBrowser.launch(chromium)]);
    return new ManagedHost({ collector, proxy, host, browser, folder });
  }

  /** Asks the collector as an administrator; the answer must be a good one. */
  async call(method: string, path: string, body?: unknown): Promise<Answer['body']> {
    const answer = await this.collector.call(method, `/v1/models/churn${path}`, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Saves a version of one small file. @param covers another version and its metrics on the same rows, where it was measured beside one */
  async save(version: string, metrics: object, covers?: object): Promise<void> {
    const form = new FormData();
    form.append('version', version);
    form.append('metrics', JSON.stringify(metrics));
    if (covers) form.append('covers', JSON.stringify(covers));
    form.append('file', new Blob([`weights of ${version}`]), 'model/weights.bin');
    await this.call('POST', '/versions', form);
  }

  async open(path: string, scenario: Scenario = {}): Promise<Page> {
    const watched = await this.browser.open(this.host.url + path, { role: 'Admin', ...scenario });
    this.opened.push(watched);
    return watched.page;
  }

  /** Puts right what a test has set wrong. */
  restoreProxy(): void {
    Object.assign(this.proxy, { collectorUrl: this.collector.url, tokens: { ...TOKENS } });
  }

  /** Ends all pages. @returns what went wrong on them; a refused call is a line on the console too, and no fault of ours */
  async closePages(): Promise<string[]> {
    const faults = this.opened.flatMap((watched) => watched.faults);
    await Promise.all(this.opened.map(({ page }) => page.close()));
    this.opened = [];
    return faults.filter((fault) => !fault.includes('/api/plugin-proxy/'));
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.host.close();
    this.collector.process.child.kill('SIGTERM');
    await this.collector.process.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What every test finds: version 1 in production after 0, version 2 good enough for staging, version 3 not. */
export async function seed(on: ManagedHost): Promise<void> {
  await on.call('PUT', '', { task: 'classification', classes: ['stays', 'leaves'] });
  await on.call('PUT', '/policy', {
    gates: { production: [{ metric: 'accuracy', min: 0.9 }], staging: [{ metric: 'accuracy', min: 0.85 }] },
  });
  const n = 4000;
  await on.save('v0', { accuracy: 0.91, n });
  // Each was measured beside the version it would replace: else the gates refuse what was reported of it.
  await on.save('v1', { accuracy: 0.93, n }, { version: 'v0', n, metrics: { accuracy: 0.91 } });
  for (const [version, accuracy] of Object.entries({ v2: 0.95, v3: 0.8 }))
    await on.save(version, { accuracy, n }, { version: 'v1', n, metrics: { accuracy: 0.93 } });
  for (const version of ['v0', 'v1'])
    for (const to of ['staging', 'production'])
      await on.call('POST', `/versions/${version}/transition`, { to, reason: 'good' });
}

interface ManagedParts {
  host: HostServer;
  browser: TestBrowser;
  folder: string;
}
