/** An artifact store that fails: what was decided stands, and what lies about is swept later. */
import { join } from 'node:path';
import { PlumblineError } from '../../../collector/src/errors.ts';
import type { ArtifactStore } from '../../../collector/src/registry/artifact-store.ts';
import { sweepArtifacts } from '../../../collector/src/registry/sweep.ts';
import { createLocalArtifacts } from '../../../collector/src/storage/artifacts/local-artifacts.ts';
import { useEngines } from '../../support/engines.ts';
import { ACT, control } from './support/control.ts';

const engines = useEngines();
const away = new PlumblineError('unavailable', 'The artifact store cannot be used.', '');
let made = 0;

async function setUp() {
  const database = await engines.database('sqlite');
  const working = await createLocalArtifacts(join(engines.folder, `left-over-${++made}`));
  const failing: { remove?: true; publish?: true } = {};
  const artifacts: ArtifactStore = {
    ...working,
    remove: (id) => (failing.remove ? Promise.reject(away) : working.remove(id)),
    stage: async (id) => {
      const staged = await working.stage(id);
      return failing.publish ? { ...staged, publish: () => Promise.reject(away) } : staged;
    },
  };
  const service = control(database, artifacts);
  const sweep = () => sweepArtifacts({ store: service.store, artifacts: working, now: Date.now(), grace: 0 });
  return { service, failing, working, sweep };
}

test('a version stays deleted though its files could not be removed', async () => {
  const { service, failing, sweep } = await setUp();
  await service.save();
  failing.remove = true;
  await service.registry.remove('churn', '1', ACT);
  await expect(service.registry.version('churn', '1')).rejects.toMatchObject({ code: 'not_found' });
  expect(await sweep()).toHaveLength(1);
});

test('a name that was taken meanwhile is told, though the files could not be removed', async () => {
  const { service, failing, sweep } = await setUp();
  await service.save({ version: 'a' });
  failing.remove = true;
  const { version } = service.store;
  // The first look finds nothing yet; the one in the transaction does.
  service.store.version = () => Promise.resolve(undefined);
  await expect(service.save({ version: 'a' })).rejects.toMatchObject({ code: 'already_exists' });
  service.store.version = version;
  expect(await sweep()).toHaveLength(1);
  expect((await service.save()).version).toBe('1');
});

test('files that could not be put in place make no version', async () => {
  const { service, failing, working } = await setUp();
  failing.publish = true;
  await expect(service.save()).rejects.toMatchObject({ code: 'unavailable' });
  expect(await service.store.model('churn')).toBeUndefined();
  expect(await working.list()).toEqual([]);
});
