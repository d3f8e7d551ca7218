/** Training examples for who trains elsewhere: streamed, and to be gone on with where the stream broke off. */
import type { Json } from '../../audit/audit-event.ts';
import { PlumblineError } from '../../errors.ts';
import type { Place } from '../../labels/place.ts';
import { auditEntry } from '../../registry/audit-entries.ts';
import type { Act } from '../../registry/model-version.ts';
import type { FeedbackStore } from '../feedback-store.ts';
import { DEFAULT_MIN_COUNT, type ExportedExamples, type ExportRequest } from '../training-example.ts';
import { csvColumns, csvRow, csvText } from './csv.ts';
import { readExamples, type ExampleEnvironment, type PlacedExample } from './example-reader.ts';

/** What an export needs of the world around it. */
export interface ExportEnvironment extends ExampleEnvironment {
  readonly store: ExampleEnvironment['store'] & Pick<FeedbackStore, 'accepted' | 'audit'>;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Characters handed over at once. */
const CHUNK = 64 * 1024;
const CSV_ROWS = 100;

/** Checks and audits the request; the examples are read as the stream is. See `Feedback.exportExamples`. */
export async function exportExamples(
  environment: ExportEnvironment,
  request: ExportRequest,
  act: Act,
): Promise<ExportedExamples> {
  const { store, registry, now } = environment;
  const { model, source, format, minCount = DEFAULT_MIN_COUNT } = request;
  const { features: declared } = await registry.model(model);
  const after = request.after === undefined ? undefined : placeOf(request.after);
  const columns = format === 'csv' ? csvColumns(request.features, declared) : [];
  if (source === 'feedback') {
    const accepted = await store.accepted(model, undefined);
    if (accepted < minCount) throw tooFew(accepted, minCount);
  }
  await store.audit(auditEntry('feedback.exported', act, { model, evidence: evidenceOf(request) }), now());
  const examples = readExamples(environment, request, after);
  return {
    contentType: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
    fileName: `${model}-examples.${format}`,
    text: chunked(format === 'csv' ? csvLines(examples, columns) : jsonLines(examples)),
  };
}

/** Where an example stands, as text. */
export function positionOf({ arrived, seq }: Place): string {
  return `${arrived}-${seq}`;
}

function placeOf(position: string): Place {
  const [, arrived, seq] = /^(-?\d{1,16})-(\d{1,16})$/.exec(position) ?? [];
  if (arrived !== undefined && seq !== undefined) return { arrived: Number(arrived), seq: Number(seq) };
  const help = 'Send the position of the last example that arrived whole; or leave it out.';
  throw new PlumblineError('invalid_request', 'after: is no position of an example.', help);
}

async function* jsonLines(examples: AsyncIterable<PlacedExample>): AsyncGenerator<string> {
  for await (const { place, example } of examples)
    yield `${JSON.stringify({ position: positionOf(place), ...example })}\n`;
}

async function* csvLines(examples: AsyncIterable<PlacedExample>, columns: readonly string[]): AsyncGenerator<string> {
  // Some rows at once: making a writer costs more than a row.
  let rows = [csvRow(undefined, columns)];
  for await (const { place, example } of examples) {
    rows.push(csvRow({ position: positionOf(place), example }, columns));
    if (rows.length < CSV_ROWS) continue;
    yield csvText(rows);
    rows = [];
  }
  if (rows.length > 0) yield csvText(rows);
}

async function* chunked(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let held: string[] = [];
  let length = 0;
  for await (const line of lines) {
    held.push(line);
    length += line.length;
    if (length < CHUNK) continue;
    yield held.join('');
    held = [];
    length = 0;
  }
  if (length > 0) yield held.join('');
}

function evidenceOf({ format, source, from, to, after, minCount, feedbackWeight }: ExportRequest): Json {
  const time = (epoch: number | undefined) => (epoch === undefined ? null : new Date(epoch).toISOString());
  return {
    ...{ format, source, from: time(from), to: time(to), after: after ?? null },
    ...{ minCount: minCount ?? DEFAULT_MIN_COUNT, feedbackWeight: feedbackWeight ?? 1 },
  };
}

function tooFew(accepted: number, minCount: number): PlumblineError {
  const message = `Feedback of ${accepted} predictions is accepted; ${minCount} are needed before it may feed a training.`;
  const help =
    'Review more of it, or ask for fewer: minCount in the request. With source "all" labels are exported too.';
  return new PlumblineError('too_little_feedback', message, help, { details: { accepted, minCount } });
}
