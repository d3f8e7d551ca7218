/**
 * Where files of versions lie: the port of the local disk and of S3-compatible stores. An artifact is known by an id that is
 * used once; it counts from the moment a committed row names it, so what a crash leaves behind is never seen and can be swept.
 */

/** Files being written; nobody reads them before `publish`. */
export interface StagedArtifact {
  /** Writes one file, durable when it resolves. @param path checked by the caller, and not used before */
  write(path: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** Makes the artifact readable under its id, durably and as a whole. */
  publish(): Promise<void>;
  /** Removes what was written. Never rejects: what stays is swept later. */
  discard(): Promise<void>;
}

/** One artifact the store holds, whole or not. */
export interface HeldArtifact {
  readonly id: string;
  /** When something was last written to it, epoch ms. */
  readonly lastWritten: number;
}

/** The port. A store that is full or away throws PlumblineError `unavailable`. */
export interface ArtifactStore {
  /** Begins an artifact. @param id never used before */
  stage(id: string): Promise<StagedArtifact>;
  /** A file's bytes. @throws PlumblineError `artifact_damaged` when there is no such file */
  read(id: string, path: string): Promise<AsyncIterable<Uint8Array>>;
  /** The paths of an artifact as they are in the store; none where there is no artifact. */
  paths(id: string): Promise<readonly string[]>;
  /** Removes an artifact; one that is not there is fine. */
  remove(id: string): Promise<void>;
  /** Everything there is, staged or published. */
  list(): Promise<readonly HeldArtifact[]>;
}

/** Reads files and folders of this machine below the allowed roots: the port of `POST …/versions` with a path. */
export interface PathSource {
  /**
   * The files of a folder (or the one file) at a path.
   * @returns the real path, and the files in the order of their names
   * @throws PlumblineError `invalid_path` for what is outside the roots or reached over a symbolic link, or is no plain file
   */
  open(path: string): Promise<{
    readonly origin: string;
    readonly files: AsyncIterable<{ readonly path: string; readonly content: AsyncIterable<Uint8Array> }>;
  }>;
}
