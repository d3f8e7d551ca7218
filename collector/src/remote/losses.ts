/** Counts what is lost or goes wrong, and says it in words. */
import { errorText, PlumblineError } from '../errors.ts';
import type { CourierReport } from './delivery/courier.ts';
import type { RefusedRows } from './delivery/outcome.ts';
import { Notices } from './notices.ts';
import type { RemoteDrop, RemoteError } from './remote-metrics.ts';

/** Where counts and words go. */
export interface LossesEnvironment {
  readonly dropped: (reason: RemoteDrop, rows: number) => void;
  readonly failed: (reason: RemoteError) => void;
  readonly onError: ((error: PlumblineError) => void | Promise<void>) | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const DROPS = {
  closed: ['the monitor was closed', 'Record before close(); give it collector.spill, or more closeSeconds.'],
  queue_full: ['the queue is full', 'Give it collector.spill, a larger queueRows, or a collector that keeps up.'],
  too_large: ['one takes more than 1 MiB', 'Send fewer or shorter features.'],
} as const;

/** What one monitor has lost. */
export class Losses {
  readonly #url: string;
  readonly #environment: LossesEnvironment;
  readonly #notices: Notices;

  /** @param url of the collector, for the messages */
  constructor(url: string, environment: LossesEnvironment) {
    this.#url = url;
    this.#environment = environment;
    this.#notices = new Notices(environment.onError, () => environment.failed('callback_failed'), environment.now);
  }

  /** Records that never left. */
  drop(reason: keyof typeof DROPS, rows: number): void {
    const [text, help] = DROPS[reason];
    this.#lose(reason, reason, rows, (all) => [`${records(all)} dropped: ${text}`, help]);
  }

  /** Records the collector refused for good with their whole request. */
  readonly refused: CourierReport['lost'] = (rows, reason, { message, help }) =>
    this.#lose(reason, reason, rows, (all) => [`${records(all)} refused: ${message}`, help]);

  /** Records the collector refused one by one. */
  readonly rejected = (refused: readonly RefusedRows[]): void => {
    for (const { code, rows, message } of refused)
      this.#lose('rejected', code, rows, (all) => [
        `${records(all)} rejected by the collector at ${this.#url} as ${code}: ${message}`,
        'Correct what the model reports.',
      ]);
  };

  /** An attempt to send failed; nothing is lost by that. */
  sendFailed(error: PlumblineError): void {
    this.#environment.failed('send_failed');
    this.#notices.add('send_failed', 1, () => error);
  }

  /** Part of a file is no batch. */
  damaged(path: string, bytes: number): void {
    this.#environment.failed('spill_damaged');
    const message = `${bytes} bytes of ${path} hold no whole batch and were left out`;
    const help = 'Expected once after a process was killed while it wrote; otherwise check the disk.';
    this.#notices.add('spill_damaged', 1, () => new PlumblineError('not_sound', message, help));
  }

  /** A file could not be written or read; the rows stay where they are. */
  spillFailed(error: unknown): void {
    this.#environment.failed('spill_failed');
    const message = `collector.spill.folder: ${errorText(error)}`;
    const help = 'Make room or correct the folder; until then rows wait in memory.';
    this.#notices.add('spill_failed', 1, () => new PlumblineError('unavailable', message, help, { cause: error }));
  }

  /** Says what was held back. */
  flush(): void {
    this.#notices.flush();
  }

  #lose(drop: RemoteDrop, reason: string, rows: number, text: (rows: number) => readonly [string, string]): void {
    this.#environment.dropped(drop, rows);
    this.#notices.add(`${drop} ${reason}`, rows, (all) => {
      const [message, help] = text(all);
      return new PlumblineError('unavailable', message, help, { details: { rows: all, reason } });
    });
  }
}

function records(count: number): string {
  return count === 1 ? '1 record was' : `${count} records were`;
}
