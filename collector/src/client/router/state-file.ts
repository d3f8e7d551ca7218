/** The last known state on disk, so that a process that starts while the service is away routes as its predecessor did. */
import { randomBytes } from 'node:crypto';
import { accessSync, constants, readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorText, PlumblineError, systemErrorCode } from '../../errors.ts';
import { invalid } from '../../monitor/option-checks.ts';
import { readAssignments } from '../../remote/assignments/assignments.ts';
import type { ReceivedState } from '../../remote/assignments/poller.ts';
import { syncFolder } from '../folders.ts';

/** Whose state a file holds: that of another model or collector is not used. */
export interface StateOwner {
  readonly url: string;
  readonly model: string;
}

const FORMAT = 1;

/** Keeps one state. A reader, also after a crash, sees the former or the whole new one. */
export class StateFile {
  readonly #path: string;
  readonly #owner: StateOwner;
  #writing: Promise<void> = Promise.resolve();

  /** @throws PlumblineError `invalid_configuration` when the folder cannot be written: found out now, while somebody is looking */
  constructor(path: string, owner: StateOwner) {
    if (typeof path !== 'string' || path === '')
      throw invalid('stateFile: expected the path of a file', 'For example "/var/lib/my-model/assignments.json".');
    try {
      accessSync(`${dirname(path)}/`, constants.W_OK | constants.X_OK);
    } catch (error) {
      const reason = systemErrorCode(error) ?? errorText(error);
      throw invalid(`stateFile: the folder of ${path} cannot be written (${reason})`, 'Name a file in one that can.');
    }
    this.#path = path;
    this.#owner = owner;
  }

  /** What was kept; undefined where there is nothing yet. @throws PlumblineError when the file is there and cannot be used */
  read(): ReceivedState | undefined {
    const { url, model } = this.#owner;
    try {
      const kept = JSON.parse(readFileSync(this.#path, 'utf8')) as Partial<Kept> | null;
      if (kept?.format !== FORMAT || kept.url !== url || kept.model !== model || typeof kept.answer !== 'string')
        throw new Error(`it holds no state of "${model}" at ${url}`);
      const state = readAssignments(JSON.parse(kept.answer), model);
      return { state, text: kept.answer, etag: typeof kept.etag === 'string' ? kept.etag : null };
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return undefined;
      const message = `stateFile: ${this.#path} cannot be used: ${errorText(error)}`;
      throw new PlumblineError('foreign_state', message, 'It is replaced by the next answer.', { cause: error });
    }
  }

  /** Writes after what is being written. @throws PlumblineError `unavailable` when that fails; the former state then stays */
  write({ text, etag }: ReceivedState): Promise<void> {
    const kept: Kept = { format: FORMAT, ...this.#owner, etag, answer: text };
    const done = this.#writing.then(() => this.#replace(`${JSON.stringify(kept)}\n`));
    this.#writing = done.catch(() => undefined);
    return done;
  }

  /** Resolves when nothing is being written any more. */
  settled(): Promise<void> {
    return this.#writing;
  }

  async #replace(content: string): Promise<void> {
    const temporary = `${this.#path}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.#path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      const message = `stateFile: ${this.#path} cannot be written: ${errorText(error)}`;
      throw new PlumblineError('unavailable', message, 'Make room or correct the folder.', { cause: error });
    }
    await syncFolder(dirname(this.#path));
  }
}

interface Kept extends StateOwner {
  readonly format: number;
  readonly etag: string | null;
  /** As it came over the wire. */
  readonly answer: string;
}
