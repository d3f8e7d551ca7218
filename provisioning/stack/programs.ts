/** Finds the programs that the stack does not bring along, and says how to get them. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { StackError } from './errors.ts';

export const GET_PROMETHEUS = 'Install Prometheus 2.42 or newer, for example: apt-get install prometheus';
export const GET_GRAFANA =
  'Unpack Grafana 12.4 or newer (https://grafana.com/grafana/download) and name its folder: --grafana-home <folder>';

const OLDEST_GRAFANA = [12, 4] as const;

/** A Grafana that can be started. */
export interface GrafanaProgram {
  readonly home: string;
  readonly binary: string;
}

/** The path of Prometheus, if it is installed. */
export function findPrometheus(path = process.env['PATH'] ?? ''): string | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'prometheus')).find(isProgram);
}

/**
 * The Grafana in a home folder; undefined when no folder is given.
 * @throws StackError (2) when the folder holds no Grafana, or one that is too old for the plugin
 */
export function findGrafana(home: string | undefined): GrafanaProgram | undefined {
  if (home === undefined) return undefined;
  const grafana = { home: resolve(home), binary: join(resolve(home), 'bin/grafana') };
  if (!isProgram(grafana.binary)) throw new StackError(`${grafana.home} holds no bin/grafana. ${GET_GRAFANA}`, 2);
  const words = execFileSync(grafana.binary, ['--version'], { encoding: 'utf8' });
  const [, major, minor] = /(\d+)\.(\d+)/.exec(words) ?? [];
  if (!isRecent(Number(major), Number(minor))) {
    throw new StackError(`${grafana.home} is too old (${words.trim()}). ${GET_GRAFANA}`, 2);
  }
  return grafana;
}

function isRecent(major: number, minor: number): boolean {
  const [oldestMajor, oldestMinor] = OLDEST_GRAFANA;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
