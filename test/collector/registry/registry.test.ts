/** The registry over both engines and the local disk. */
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { profileReference } from '../../../collector/src/distribution/profile.ts';
import type { ArtifactStore } from '../../../collector/src/registry/artifact-store.ts';
import { createLocalArtifacts } from '../../../collector/src/storage/artifacts/local-artifacts.ts';
import type { Database } from '../../../collector/src/storage/database.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { registerVersion } from '../storage/support/rows.ts';
import { ACT, bytesOf, control, GOOD, upload, type Control } from './support/control.ts';

const engines = useEngines();
/** SHA-256 of nothing. */
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe.each(ENGINES)('%s', (engine) => {
  const given = engines.testOn(engine);
  let database: Database;
  let artifacts: ArtifactStore;
  let folder: string;
  let service: Control;
  let made = 0;
  beforeEach(async () => {
    database = await engines.database(engine);
    folder = join(engines.folder, `artifacts-${engine}-${++made}`);
    artifacts = await createLocalArtifacts(folder);
    service = control(database, artifacts);
  });
  const save = (...args: Parameters<Control['save']>) => service.save(...args);

  given('keeps what was saved: files, digest, metadata, stage', async () => {
    const reference = profileReference(
      [...Array(30).keys()].map((age) => ({ age, plan: age % 3 === 0 ? 'gold' : 'basic' })),
      { categorical: ['plan'] },
    );
    const saved = await save(
      {
        version: '2026-01-baseline',
        description: 'first\nof all',
        aliases: ['champion'],
        tags: { team: 'growth' },
        metrics: { accuracy: 0.9, n: 500 },
        reference,
      },
      { 'model/weights.bin': 'weights', 'empty.txt': '' },
    );
    expect(saved).toEqual({
      model: 'churn',
      version: '2026-01-baseline',
      registered: true,
      description: 'first\nof all',
      createdAt: '2026-01-01T00:00:00.000Z',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      origin: 'upload',
      stage: 'development',
      aliases: ['champion'],
      tags: { team: 'growth' },
      files: [
        { path: 'empty.txt', size: 0, sha256: EMPTY },
        { path: 'model/weights.bin', size: 7, sha256: expect.any(String) },
      ],
      metrics: { accuracy: 0.9, n: 500 },
      validation: null,
      reference,
      referenceDigest: reference.digest,
    });
    expect(await service.registry.version('churn', saved.version)).toEqual(saved);
    const [listed] = (await service.registry.versions('churn', { limit: 10 })).items;
    expect(listed).toEqual({ ...saved, reference: null });
    const { file, content } = await service.registry.file('churn', saved.version, 'model/weights.bin');
    expect(file).toEqual(saved.files[1]);
    expect((await bytesOf(content)).toString()).toBe('weights');
    expect(await service.registry.model('churn')).toMatchObject({ registered: true, versions: 1, production: null });
  });

  given('numbers count up and are never given twice, whatever is deleted or met in between', async () => {
    expect((await save()).version).toBe('1');
    expect((await save()).version).toBe('2');
    await service.registry.remove('churn', '2', ACT);
    expect((await save()).version).toBe('3');
    await save({ version: '10' });
    await save({ version: 'v2' });
    expect((await save()).version).toBe('11');
    await registerVersion(database, 'churn', '12');
    expect((await save()).version).toBe('13');
    // What predictions made known can still be saved, under its own name.
    expect(await service.registry.version('churn', '12')).toMatchObject({ registered: false, stage: null });
    expect(await save({ version: '12' })).toMatchObject({ registered: true, stage: 'development' });
    expect(await service.registry.version('churn', '12')).toMatchObject({ registered: true, files: [{ size: 7 }] });
  });

  given('two at once get two numbers', async () => {
    const saved = await Promise.all([1, 2, 3, 4].map(() => save()));
    expect(saved.map(({ version }) => version).sort()).toEqual(['1', '2', '3', '4']);
  });

  given('a name is given once, also after it was deleted', async () => {
    const { digest } = await save({ version: 'a' });
    await expect(save({ version: 'a' })).rejects.toMatchObject({ code: 'already_exists', details: { digest } });
    await service.registry.remove('churn', 'a', ACT);
    await expect(save({ version: 'a' })).rejects.toMatchObject({ code: 'already_exists' });
    await expect(service.registry.version('churn', 'a')).rejects.toMatchObject({ code: 'not_found' });
    expect((await service.registry.versions('churn', { limit: 5 })).items).toEqual([]);
    // Nothing of the refused ones is left on the disk.
    expect(readdirSync(folder)).toEqual(['.staging']);
    expect(readdirSync(join(folder, '.staging'))).toEqual([]);
  });

  given('description, aliases and tags can change, an alias moves, and the audit tells both sides', async () => {
    await save({ aliases: ['champion', 'eu'] });
    await save();
    const changed = await service.registry.change(
      'churn',
      '2',
      { description: 'better', tags: { a: 'b' }, aliases: ['champion'] },
      ACT,
    );
    expect(changed).toMatchObject({ description: 'better', tags: { a: 'b' }, aliases: ['champion'] });
    expect(await service.registry.version('churn', '1')).toMatchObject({ aliases: ['eu'] });
    const { items } = await service.audit.list({ model: 'churn', action: 'version.changed', limit: 5 });
    expect(items).toMatchObject([
      { subject: '1', before: { alias: 'champion', version: '1' }, after: { alias: 'champion', version: '2' } },
      {
        subject: '2',
        before: { description: '', tags: {}, aliases: [] },
        after: { description: 'better', tags: { a: 'b' }, aliases: ['champion'] },
        actor: { name: 'anna', verified: true },
        requestId: 'request-1',
      },
    ]);
    await expect(service.registry.change('churn', '2', {}, ACT)).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(service.registry.change('churn', '9', { tags: {} }, ACT)).rejects.toMatchObject({ code: 'not_found' });
  });

  given('a declaration is kept, changed and audited with before and after', async () => {
    await service.registry.declare('churn', { classes: ['no', 'yes'], positiveClass: 'yes' }, ACT);
    const model = await service.registry.declare('churn', { classes: ['no', 'yes', 'maybe'] }, ACT);
    expect(model).toMatchObject({ model: 'churn', registered: true, classes: ['no', 'yes', 'maybe'], versions: 0 });
    expect(model.positiveClass).toBeUndefined();
    expect((await service.audit.list({ limit: 5 })).items).toMatchObject([
      { action: 'model.changed', before: { positiveClass: 'yes' }, after: { classes: ['no', 'yes', 'maybe'] } },
      { action: 'model.changed', before: null },
    ]);
    const bad = service.registry.declare('churn', { classes: ['no', 'maybe'], positiveClass: 'yes' }, ACT);
    await expect(bad).rejects.toMatchObject({ message: expect.stringContaining('positiveClass') });
    await expect(service.registry.declare('a/b', {}, ACT)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  given('what is in production is not deleted; all else is, with its files, and audited', async () => {
    await save();
    service.state.live = GOOD;
    await service.move('1', 'staging');
    await service.move('1', 'production');
    await expect(service.registry.remove('churn', '1', ACT)).rejects.toMatchObject({ code: 'conflict' });
    await service.move('1', 'deprecated');
    await service.registry.remove('churn', '1', ACT);
    expect(readdirSync(folder)).toEqual(['.staging']);
    expect((await service.audit.list({ limit: 1 })).items).toMatchObject([
      { action: 'version.deleted', subject: '1', before: { stage: 'deprecated', files: 1, bytes: 7 }, after: null },
    ]);
    await expect(service.registry.file('churn', '1', 'model.bin')).rejects.toMatchObject({ code: 'not_found' });
  });

  given('pages: models by name, versions newest first', async () => {
    for (const model of ['b', 'B', 'a-b', 'a.b']) await save({ model });
    const first = await service.registry.models({ limit: 3 });
    const rest = await service.registry.models({ limit: 3, after: first.next as string });
    expect([...first.items, ...rest.items].map(({ model }) => model)).toEqual(['B', 'a-b', 'a.b', 'b']);
    expect(rest.next).toBeNull();
    for (let version = 2; version <= 5; version++) await save({ model: 'b' });
    const newest = await service.registry.versions('b', { limit: 2 });
    expect(newest.items.map(({ version }) => version)).toEqual(['5', '4']);
    const older = await service.registry.versions('b', { limit: 3, after: newest.next as string });
    expect(older.items.map(({ version }) => version)).toEqual(['3', '2', '1']);
    expect(older.next).toBeNull();
    await expect(service.registry.versions('b', { limit: 1, after: 'x' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await expect(service.registry.versions('none', { limit: 1 })).rejects.toMatchObject({ code: 'not_found' });
  });

  given('a file that was changed on the disk is never given to its end', async () => {
    await save({}, { 'model.bin': 'weights' });
    const path = join(folder, readdirSync(folder).find((name) => name !== '.staging') as string, 'model.bin');
    chmodSync(path, 0o640);
    writeFileSync(path, 'WEIGHTS');
    const { content } = await service.registry.file('churn', '1', 'model.bin');
    await expect(bytesOf(content)).rejects.toMatchObject({ code: 'artifact_damaged' });
    expect(readFileSync(path, 'utf8')).toBe('WEIGHTS');
  });

  given('comparing two versions tells metrics, files and profiles apart', async () => {
    await save({ metrics: { accuracy: 0.9, n: 100 } }, { a: '1', b: '2', c: '3' });
    await save({ metrics: { accuracy: 0.92, f1_weighted: 0.8 } }, { a: '1', b: 'changed', d: '4' });
    const comparison = await service.registry.compare('churn', '1', '2');
    expect(comparison.files).toEqual({ added: ['d'], removed: ['c'], changed: ['b'] });
    expect(comparison.profile).toBeNull();
    expect(comparison.metrics).toEqual([
      { metric: 'accuracy', a: 0.9, b: 0.92, difference: expect.closeTo(0.02) },
      { metric: 'f1_weighted', a: null, b: 0.8, difference: null },
      { metric: 'n', a: 100, b: null, difference: null },
    ]);
  });

  given('uploads that cannot be taken leave nothing', async () => {
    const small = control(database, artifacts, { limits: { maxBytes: 10, maxFiles: 2 } });
    const saving = (files: Record<string, string>) => small.registry.save({ model: 'churn' }, upload(files), ACT);
    await expect(saving({})).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(saving({ a: '12345', b: '123456' })).rejects.toMatchObject({ code: 'too_large' });
    await expect(saving({ a: '', b: '', c: '' })).rejects.toMatchObject({ code: 'too_large' });
    await expect(saving({ a: '', A: '' })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(saving({ a: '', 'a/b': '' })).rejects.toMatchObject({ code: 'invalid_request' });
    for (const path of ['../a', '/a', 'a//b', 'a/./b', 'a\\b', 'a\u0000', '', 'a..b', `${'x'.repeat(256)}`])
      await expect(saving({ [path]: '' })).rejects.toMatchObject({ code: 'invalid_path' });
    expect(readdirSync(folder)).toEqual(['.staging']);
    expect(readdirSync(join(folder, '.staging'))).toEqual([]);
    expect(await small.store.model('churn')).toBeUndefined();
  });
});
