/** Reads what Grafana and Prometheus are provisioned with. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The repository; jest runs from there. */
export const REPOSITORY = resolve(import.meta.dirname, '../../..');

/** The folder that Grafana, Prometheus and docker-compose are given. */
export const PROVISIONING = join(REPOSITORY, 'provisioning');

/** Every file under a folder, as paths relative to it. */
export function filesUnder(folder: string, ending = ''): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The text of a provisioned file. */
export function provisioned(path: string): string {
  return readFileSync(join(PROVISIONING, path), 'utf8');
}
