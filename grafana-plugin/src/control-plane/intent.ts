import { Problem } from './problem';

/**
 * What somebody means to do, over all attempts at it. The key stays the same while it is unknown whether an attempt arrived, so that
 * trying again cannot do it twice; once the collector has answered, or something else is meant, there is a new one.
 */
export class Intent {
  private meant: string | undefined;
  private key = newKey();

  /** The key for sending this body now. */
  public keyFor(body: unknown): string {
    const meant = JSON.stringify(body) ?? '';
    if (this.meant !== undefined && this.meant !== meant) {
      this.key = newKey();
    }
    this.meant = meant;
    return this.key;
  }

  /** An attempt has come to an end; without an error it has done what it was to do. */
  public ended(error?: unknown): void {
    if (error === undefined || (error instanceof Problem && error.isCertain)) {
      this.key = newKey();
      this.meant = undefined;
    }
  }
}

/** 128 random bits. `randomUUID` is missing on pages served without TLS. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
