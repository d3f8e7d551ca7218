/** Three ways to show a demo: a live table on a terminal, lines in a log, JSON for machines. */
import type { Writable } from 'node:stream';
import { createLogUpdate } from 'log-update';
import type { DriftWindow } from '../../index.ts';
import type { ReplayReport } from '../report/report.ts';
import { reportText } from '../report/report.ts';
import { driftedNames } from '../report/tables.ts';
import { lineText, liveText, type DemoStatus } from './status.ts';

/** Where a command shows how it goes. */
export interface Display {
  /** Milliseconds between two calls of `update`. */
  readonly interval: number;
  /** Something worth keeping: `event` and `facts` for machines, `text` for people. */
  note(event: string, text: string, facts: Readonly<Record<string, unknown>>): void;
  update(status: DemoStatus): void;
  window(window: DriftWindow): void;
  /** The last picture and the report. */
  finish(report: ReplayReport): void;
}

/** A display that suits where standard output goes. */
export function createDisplay(out: Writable, kind: 'terminal' | 'lines' | 'json'): Display {
  if (kind === 'terminal') return new TerminalDisplay(out);
  return kind === 'lines' ? new LineDisplay(out) : new JsonDisplay(out);
}

class TerminalDisplay implements Display {
  readonly interval = 250;
  readonly #live: ReturnType<typeof createLogUpdate>;

  constructor(out: Writable) {
    this.#live = createLogUpdate(out);
  }

  note(_event: string, text: string): void {
    this.#live.persist(text);
  }

  update(status: DemoStatus): void {
    this.#live(liveText(status));
  }

  /** The table shows the last verdict anyway. */
  window(): void {}

  finish(report: ReplayReport): void {
    this.#live.clear();
    this.#live.done();
    this.#live.persist(reportText(report));
  }
}

class LineDisplay implements Display {
  readonly interval = 5_000;
  readonly #out: Writable;

  constructor(out: Writable) {
    this.#out = out;
  }

  note(_event: string, text: string): void {
    this.#print(text);
  }

  update(status: DemoStatus): void {
    this.#print(lineText(status));
  }

  window(window: DriftWindow): void {
    const names = driftedNames(window).join(', ') || 'no feature';
    this.#print(
      `drift window ${window.index + 1} (predictions ${window.start} to ${window.end - 1}): ${names} drifted`,
    );
  }

  finish(report: ReplayReport): void {
    this.#print(`\n${reportText(report)}`);
  }

  #print(text: string): void {
    this.#out.write(`${text}\n`);
  }
}

class JsonDisplay implements Display {
  readonly interval = 5_000;
  readonly #out: Writable;

  constructor(out: Writable) {
    this.#out = out;
  }

  note(event: string, _text: string, facts: Readonly<Record<string, unknown>>): void {
    this.#print({ event, ...facts });
  }

  update({ done, total, performance, baseline, window }: DemoStatus): void {
    const { metrics, pending } = performance;
    const { accuracy, f1_weighted } = metrics;
    const drifted = window ? driftedNames(window) : null;
    this.#print({ event: 'progress', done, total: total ?? null, accuracy, f1_weighted, baseline, pending, drifted });
  }

  window(window: DriftWindow): void {
    this.#print({ event: 'window', ...window });
  }

  finish(report: ReplayReport): void {
    this.#print({ event: 'report', ...report });
  }

  #print(value: unknown): void {
    this.#out.write(`${JSON.stringify(value)}\n`);
  }
}
