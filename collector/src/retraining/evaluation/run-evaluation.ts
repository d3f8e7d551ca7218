/** Runs versions one after the other on the same rows, in a folder that is gone afterwards. */
import { PlumblineError } from '../../errors.ts';
import type { ExampleSource } from '../../feedback/training-example.ts';
import { storedValue } from '../../labels/row-fields.ts';
import type { TaskName } from '../../monitor/options.ts';
import type { StoredVersion } from '../../registry/registry-store.ts';
import { BoundedLog } from '../bounded-log.ts';
import type { RunFolder, RunFolders } from '../run-folders.ts';
import type { Predictor } from '../trainer.ts';
import { evaluateVersions } from './evaluate-versions.ts';
import type { AnsweredVersion, EvaluatedModel } from './evaluation.ts';
import type { EvaluationEnd } from './evaluation-store.ts';
import type { EvaluationRows, FailedVersion } from './evaluations.ts';
import { checkedRows, type EvaluationRow } from './sent-rows.ts';

/** What a run works with. */
export interface EvaluationTools {
  readonly folders: RunFolders;
  readonly predictor: Predictor;
  readonly examples: ExampleSource;
}

/** What is run. */
export interface EvaluationJob {
  readonly id: string;
  readonly model: EvaluatedModel;
  readonly command: readonly string[];
  readonly versions: readonly StoredVersion[];
  readonly rows: EvaluationRows;
  readonly timeLimitSeconds: number;
}

/** Stored rows of one evaluation; each is held in memory. */
export const MAX_STORED_ROWS = 100_000;
/** Characters of the beginning and of the end of a log that are kept. */
const LOG_PART = 4_096;

/** Runs it. Rejects only for what the service itself cannot do (a full disk, a damaged artifact): `PlumblineError`. */
export async function runEvaluation(
  { folders, predictor, examples }: EvaluationTools,
  job: EvaluationJob,
  signal: AbortSignal,
): Promise<EvaluationEnd> {
  const rows = await rowsOf(job, examples);
  const folder = await folders.create(job.id);
  const answered: AnsweredVersion[] = [];
  const failed: FailedVersion[] = [];
  try {
    const { path: dataPath } = await folder.writeLines('data.jsonl', linesOf(rows));
    const ids = new Set(rows.map(({ id }) => id));
    for (const [index, stored] of job.versions.entries()) {
      const { version } = stored.version;
      const modelFolder = await folder.materialise(stored);
      const log = new BoundedLog(LOG_PART);
      const { end, reason, answers } = await predictor.predict(
        {
          ...{ command: job.command, modelFolder, dataPath, folder: folder.path },
          ...{ outputPath: `${folder.path}/answers-${index}.jsonl`, timeoutSeconds: job.timeLimitSeconds },
          expected: { ids, task: job.model.task, ...(job.model.classes && { classes: job.model.classes }) },
        },
        signal,
        log.write,
      );
      if (signal.aborted) return { status: 'cancelled', reason: String(signal.reason), result: null, failed };
      if (end === 'finished' && answers) answered.push({ version, answers });
      else failed.push({ version, reason, log: log.text() });
    }
  } finally {
    await removeQuietly(folder);
  }
  if (answered.length === 0)
    return { status: 'failed', reason: 'No version gave answers that can be judged.', result: null, failed };
  return { status: 'finished', reason: null, result: evaluateVersions(job.model, rows, answered), failed };
}

async function rowsOf({ rows, model }: EvaluationJob, examples: ExampleSource): Promise<EvaluationRow[]> {
  if (rows.kind === 'sent') return checkedRows(rows.rows, model.task);
  const { from, to, source } = rows;
  const found: EvaluationRow[] = [];
  const query = { model: model.model, source, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  for await (const { id, features, label } of examples.examples(query)) {
    if (found.length === MAX_STORED_ROWS) throw tooMany();
    found.push({ id, features, label: storedValue(label, model.task) });
  }
  if (found.length === 0) throw noRows();
  return found;
}

/** Versions see ids and features, never a label. */
function* linesOf(rows: readonly EvaluationRow[]): Generator<string> {
  for (const { id, features } of rows) yield JSON.stringify({ id, features });
}

/** What cannot be removed is swept later; the result stands. */
async function removeQuietly(folder: RunFolder): Promise<void> {
  await folder.remove().catch(() => {});
}

/** The task that holds for what is declared. */
export function taskOf(task: TaskName | undefined): TaskName {
  return task ?? 'classification';
}

function tooMany(): PlumblineError {
  const message = `rows: the range holds more than ${MAX_STORED_ROWS.toLocaleString('en')} labelled predictions.`;
  return new PlumblineError('too_large', message, 'Narrow it with from and to.');
}

function noRows(): PlumblineError {
  const message = 'rows: the range holds no labelled prediction with features.';
  return new PlumblineError('invalid_request', message, 'Choose another range, or send rows along.');
}
