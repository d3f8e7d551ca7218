import { Catalog } from '../../../collector/src/labels/catalog.ts';
import type { KnownVersion } from '../../../collector/src/labels/declared-model.ts';
import type { IngestStore } from '../../../collector/src/labels/ingest-store.ts';
import { untyped } from '../support/core.ts';

/** A store whose work ends when the test says so; a look sees what was there when it began. */
class SlowStore {
  readonly names: string[] = [];
  readonly #work: (() => void)[] = [];

  versionsOf(): Promise<KnownVersion[] | undefined> {
    const seen = this.names.map((version, index) => untyped<KnownVersion>({ version, versionId: index + 1 }));
    return new Promise((resolve) => this.#work.push(() => resolve(seen.length === 0 ? undefined : seen)));
  }

  makeVersion(_model: string, version: string): Promise<void> {
    return new Promise((resolve) => {
      this.#work.push(() => {
        this.names.push(version);
        resolve();
      });
    });
  }

  /** Ends the work that began as the given one, and lets what follows from it begin. */
  async end(index: number): Promise<void> {
    const end = this.#work[index];
    if (!end) throw new Error(`Nothing has begun as number ${index}.`);
    end();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('who makes a version does not take the answer of a look that began before it was there', async () => {
  const store = new SlowStore();
  const catalog = new Catalog(untyped<IngestStore>(store), () => 0);
  const made = catalog.ensure('churn', '1');
  await store.end(0);
  const other = catalog.find('churn', '2');
  await store.end(1);
  await store.end(2);
  await store.end(3);
  expect(await made).toMatchObject({ version: '1' });
  expect(await other).toBeUndefined();
});

test('a look that ends late does not take back what a later one found', async () => {
  const store = new SlowStore();
  const catalog = new Catalog(untyped<IngestStore>(store), () => 0);
  store.names.push('1');
  const early = catalog.find('churn', '1');
  const made = catalog.ensure('churn', '1');
  store.names.push('2');
  const refreshed = catalog.refresh(new Set(['churn']));
  await store.end(0);
  await Promise.all([early, made, refreshed]);
  const late = catalog.refresh(new Set(['churn']));
  store.names.push('3');
  const later = catalog.refresh(new Set(['churn']));
  await store.end(2);
  await store.end(1);
  await Promise.all([late, later]);
  expect(catalog.versionsOf('churn').map(({ version }) => version)).toEqual(['1', '2', '3']);
});
