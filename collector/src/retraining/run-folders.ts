/** Folders in which versions are trained and run: a port, implemented in `outbound/`. */
import type { StoredVersion } from '../registry/registry-store.ts';

/** A file of a folder. */
export interface FolderFile {
  /** From the folder on, with `/`. */
  readonly path: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** A folder of one run, empty at first. */
export interface RunFolder {
  /** Absolute. */
  readonly path: string;
  /** Writes a file of lines as they come. @returns its path, and how many lines it has */
  writeLines(name: string, lines: AsyncIterable<string> | Iterable<string>): Promise<{ path: string; lines: number }>;
  /** Lines of a file in it, read as they are asked for. */
  readLines(name: string): AsyncIterable<string>;
  /** Makes an empty folder in it. @returns its path */
  makeFolder(name: string): Promise<string>;
  /** Writes the files of a version into it, each checked against its digest. @returns the path of the folder that holds them */
  materialise(stored: StoredVersion): Promise<string>;
  /** The files of a folder in it, by path; what a trainer left is registered so. */
  files(name: string): AsyncIterable<FolderFile>;
  /** Text of a small file in it; undefined where there is none. @throws PlumblineError `too_large` */
  readText(name: string, maxBytes: number): Promise<string | undefined>;
  /** Removes it with everything in it. */
  remove(): Promise<void>;
}

/** Makes and finds folders of runs. */
export interface RunFolders {
  /** @param name of the run, used once; letters, digits, `-`, `_` */
  create(name: string): Promise<RunFolder>;
  /**
   * Ends what still runs in folders nobody uses any more and removes them.
   * @param isUsed told the name; asked after the folders were listed, so that a run written down before its folder was made is safe
   * @returns the names removed
   */
  sweep(isUsed: (name: string) => boolean | Promise<boolean>): Promise<readonly string[]>;
}
