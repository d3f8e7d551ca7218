/** What a program prints, as text, at a pace that leaves this process time for its other work. */
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** How much is taken at full speed. */
export interface OutputLimits {
  /** Bytes taken as fast as they come; what comes beyond is taken at about 10 MB a second: the program is slowed, never stopped. */
  readonly freeBytes: number;
}

/** Output that is being read. */
export interface OutputReading {
  /** Bytes so far. */
  bytes(): number;
  /** Resolves when all pipes are at their end, or after this time, whoever holds them open still. */
  end(milliseconds: number): Promise<void>;
}

/** With chunks of 64 KiB, about 10 MB a second. */
const PAUSE = 6;
/** Control characters other than tab and line ends would reach a terminal, and databases take no NUL. */
const CONTROL = /[^\P{Cc}\t\n\r]/gu;

/** Reads pipes until they end. @param onText may throw: it is not called again then */
export function readOutput(
  pipes: readonly Readable[],
  onText: (text: string) => void,
  { freeBytes }: OutputLimits,
): OutputReading {
  let bytes = 0;
  let tell: typeof onText | undefined = onText;
  const say = (text: string) => {
    try {
      if (text !== '') tell?.(text.replace(CONTROL, '\uFFFD'));
    } catch {
      tell = undefined;
    }
  };
  const ended = pipes.map((pipe) => {
    const decoder = new TextDecoder();
    pipe.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      say(decoder.decode(chunk, { stream: true }));
      if (bytes <= freeBytes) return;
      pipe.pause();
      setTimeout(() => pipe.resume(), PAUSE);
    });
    return new Promise<void>((resolve) => {
      // A pipe that breaks is at its end too.
      pipe.on('error', () => pipe.destroy());
      pipe.once('close', () => {
        say(decoder.decode());
        resolve();
      });
    });
  });
  return {
    bytes: () => bytes,
    end: async (milliseconds) => {
      const patience = new AbortController();
      const late = delay(milliseconds, undefined, { signal: patience.signal }).catch(() => {});
      await Promise.race([Promise.all(ended), late]);
      patience.abort();
      for (const pipe of pipes) pipe.destroy();
      await Promise.all(ended);
    },
  };
}
