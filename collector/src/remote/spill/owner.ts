/**
 * Who uses a spill folder. Every monitor has a folder of its own inside the one it was given, with a file that says whose it is; one
 * whose owner is gone is taken over by whoever renames that file first. So two processes never write into the same files.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemErrorCode } from '../../errors.ts';

/** What the file says. */
interface Owner {
  readonly token: string;
  /** The collector its rows are for. */
  readonly url: string;
  readonly pid: number;
  /** When the process started, in the kernel's ticks: a number may be given to another process later. '' where not known. */
  readonly started: string;
  /** Host, boot and process namespace: only within these does a process number mean anything. */
  readonly machine: string;
  /** Closed in order, with rows left. */
  readonly released: boolean;
}

const OWNER_FILE = 'owner.json';
const CLAIMED = 'claimed-';
/** Where the process cannot be asked for (another container, another host), silence this long means it is gone. */
const SILENCE = 60_000;
/** Only the user that runs the model may read its rows. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** A folder of one monitor, and those it took over. */
export class SpillOwner {
  readonly folder: string;
  readonly #parent: string;
  readonly #me: Owner;
  readonly #now: () => number;
  readonly #held = new Set<string>();
  #made: Promise<void> | undefined;

  /** @param now epoch milliseconds, as file times are */
  constructor(parent: string, url: string, now: () => number) {
    const token = randomUUID();
    this.#parent = parent;
    this.folder = join(parent, token);
    this.#now = now;
    const { pid } = process;
    this.#me = { token, url, pid, started: startOf(pid), machine: machine(), released: false };
  }

  /** Makes the folder, the first time. It appears with its owner in it, never without. */
  make(): Promise<void> {
    this.#made ??= this.#make().catch((error: unknown) => {
      this.#made = undefined;
      throw error;
    });
    return this.#made;
  }

  /** Takes over the folders whose owner is gone. @returns them, oldest first */
  async adopt(): Promise<string[]> {
    const found: { folder: string; since: number }[] = [];
    for (const name of await readdir(this.#parent).catch(() => [])) {
      const folder = join(this.#parent, name);
      if (name.startsWith('.') || this.#held.has(folder) || folder === this.folder) continue;
      const claimed = await this.#claim(folder).catch(() => undefined);
      if (claimed !== undefined) found.push({ folder, since: claimed });
    }
    for (const { folder } of found) this.#held.add(folder);
    return found.sort((a, b) => a.since - b.since).map(({ folder }) => folder);
  }

  /** Says that it is still there. */
  async beat(): Promise<void> {
    const time = new Date(this.#now());
    const folders = [...this.#held, ...(this.#made ? [this.folder] : [])];
    for (const folder of folders) await utimes(join(folder, OWNER_FILE), time, time).catch(() => undefined);
  }

  /** Removes a folder that holds nothing more. */
  async remove(folder: string): Promise<void> {
    this.#held.delete(folder);
    await rm(folder, { recursive: true, force: true });
    if (folder === this.folder) this.#made = undefined;
  }

  /** Leaves its folders to the next one. */
  async release(): Promise<void> {
    const folders = [...this.#held, ...(this.#made ? [this.folder] : [])];
    for (const folder of folders) await this.#write(folder, { ...this.#me, released: true }).catch(() => undefined);
  }

  async #make(): Promise<void> {
    const hidden = join(this.#parent, `.${this.#me.token}`);
    try {
      await mkdir(hidden, { mode: FOLDER_MODE });
      await this.#write(hidden, this.#me);
      await rename(hidden, this.folder);
    } catch (error) {
      await rm(hidden, { recursive: true, force: true });
      throw error;
    }
  }

  #write(folder: string, owner: Owner): Promise<void> {
    return writeFile(join(folder, OWNER_FILE), JSON.stringify(owner), { mode: FILE_MODE, flush: true });
  }

  /** @returns when its owner was last heard of, if the folder is ours now */
  async #claim(folder: string): Promise<number | undefined> {
    const file = (await readdir(folder)).find((name) => name === OWNER_FILE || name.startsWith(CLAIMED));
    if (file === undefined) return undefined;
    const path = join(folder, file);
    const { mtimeMs } = await stat(path);
    const owner = await readOwner(path);
    if (owner?.url !== this.#me.url) return undefined;
    const silent = this.#now() - mtimeMs > SILENCE;
    // A claim that was broken off: whoever made it may be about to go on.
    const gone = file === OWNER_FILE ? owner.released || (isKnownDead(owner) ?? silent) : silent;
    if (!gone) return undefined;
    const claim = join(folder, `${CLAIMED}${this.#me.token}`);
    await rename(path, claim);
    const renamed = await readOwner(claim);
    // Between the look and the rename another one may have taken it over: then it is theirs.
    if (renamed?.token !== owner.token || renamed.released !== owner.released) {
      await rename(claim, path);
      return undefined;
    }
    await this.#write(folder, this.#me);
    await rm(claim, { force: true });
    return mtimeMs;
  }
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

/** Whether its process is gone; undefined where that cannot be told from here. */
function isKnownDead({ machine: where, pid, started }: Owner): boolean | undefined {
  if (where !== machine()) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return systemErrorCode(error) === 'ESRCH';
  }
  return started !== startOf(pid);
}

/** Field 22 of `/proc/<pid>/stat`, counted behind the program's name, which may hold anything. */
function startOf(pid: number): string {
  const line = readOr(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function machine(): string {
  const boot = readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  return [hostname(), boot, readOr(() => readlinkSync('/proc/self/ns/pid'))].join(' ');
}

/** '' where the system has no such thing. */
function readOr(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
