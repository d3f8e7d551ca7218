/** Lays out the folder that holds everything of one stack: provisioning, data, logs, mail. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StackError } from './errors.ts';

export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
export const PLUGIN_ID = 'plumbline-models-app';

/** Where things are inside the data folder. */
export interface DataFolder {
  readonly root: string;
  readonly provisioning: string;
  readonly collector: string;
  readonly prometheus: string;
  readonly grafana: string;
  readonly plugins: string;
  readonly logs: string;
  readonly mail: string;
  readonly secretsFile: string;
  /** Made for this run alone, and removed after it. */
  readonly temporary: boolean;
}

/** Makes the folders and copies `provisioning/` into them, unchanged. */
export function prepareDataFolder(given: string | undefined): DataFolder {
  const root = given === undefined ? mkdtempSync(join(tmpdir(), 'plumbline-stack-')) : resolve(given);
  const folder: DataFolder = {
    root,
    provisioning: join(root, 'provisioning'),
    collector: join(root, 'collector'),
    prometheus: join(root, 'prometheus'),
    grafana: join(root, 'grafana'),
    plugins: join(root, 'plugins'),
    logs: join(root, 'logs'),
    mail: join(root, 'mail'),
    secretsFile: join(root, 'secrets.env'),
    temporary: given === undefined,
  };
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    // A rule or dashboard that has gone from the repository must not live on in the copy.
    rmSync(folder.provisioning, { recursive: true, force: true });
    cpSync(join(REPOSITORY, 'provisioning'), folder.provisioning, { recursive: true });
    const { collector, prometheus, grafana, plugins, logs, mail } = folder;
    for (const path of [collector, prometheus, grafana, plugins, logs, mail]) mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new StackError(`The data folder ${root} cannot be used: ${(error as Error).message}`);
  }
  return folder;
}

/** Tells Prometheus where the collector is. */
export function writeTargets(folder: DataFolder, collector: string): void {
  const targets = join(folder.provisioning, 'prometheus/targets');
  mkdirSync(targets, { recursive: true });
  writeFileSync(join(targets, 'collector.json'), JSON.stringify([{ targets: [collector] }]));
}

/**
 * Puts the built plugin where Grafana looks: a folder of plugins holding a link, because a path straight to `dist` is not
 * found once there are nested plugins.
 * @throws StackError when the plugin is not built
 */
export function linkPlugin(folder: DataFolder): void {
  const built = join(REPOSITORY, 'grafana-plugin/dist');
  if (!existsSync(join(built, 'module.js'))) {
    throw new StackError('The Grafana plugin is not built. Build it: npm run build -w grafana-plugin');
  }
  const link = join(folder.plugins, PLUGIN_ID);
  rmSync(link, { recursive: true, force: true });
  symlinkSync(built, link, 'dir');
}
