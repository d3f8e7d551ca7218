/** Validates a candidate on held-out rows: by the policy's predict command, or by what the trainer reports of itself and the incumbent. */
import { asJson, type Json } from '../audit/audit-event.ts';
import type { ExampleSource } from '../feedback/training-example.ts';
import { storedValue } from '../labels/row-fields.ts';
import type { PolicyRules } from '../lifecycle/policy.ts';
import type { Metrics } from '../monitor/answers.ts';
import type { Model, Validation } from '../registry/model-version.ts';
import type { StoredVersion } from '../registry/registry-store.ts';
import type { AnsweredVersion, EvaluatedModel, Evaluation, LabelledRow } from './evaluation/evaluation.ts';
import { judgeCandidate, type CandidateVerdict } from './judge-candidate.ts';
import { MAX_METRICS_BYTES, METRICS_FILE, reportedMetrics, type ReportedMetrics } from './reported-metrics.ts';
import type { RunFolder } from './run-folders.ts';
import { RunFailure } from './run-failure.ts';
import { heldOutExamples, type ExampleSplit } from './split-examples.ts';
import type { OnOutput, Predictor, VersionAnswer } from './trainer.ts';

/** Measures versions by their answers to the same rows. */
export type EvaluateVersions = (
  model: EvaluatedModel,
  rows: readonly LabelledRow[],
  versions: readonly AnsweredVersion[],
) => Evaluation;

/** What validating needs. */
export interface ValidationPorts {
  readonly examples: ExampleSource;
  readonly predictor: Predictor;
  readonly evaluate: EvaluateVersions;
}

/** What is to be validated. */
export interface CandidateRun {
  readonly run: string;
  readonly model: Model;
  readonly policy: PolicyRules;
  readonly split: ExampleSplit;
  /** The version in production; undefined without one. */
  readonly incumbent: StoredVersion | undefined;
  /** Where the trainer worked, and below it what it left. */
  readonly folder: RunFolder;
  readonly outputFolder: string;
  /** A folder the trainer never had. */
  readonly heldFolder: () => Promise<RunFolder>;
  readonly signal: AbortSignal;
  readonly onOutput: OnOutput;
}

/** What was found. */
export interface Validated {
  readonly verdict: CandidateVerdict;
  /** To be stored with the version, `n` among them. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly validation: Validation;
  readonly evidence: Json;
  /** The candidate's answers to the rows held out; null where it was not run. */
  readonly answers: ReadonlyMap<string, VersionAnswer> | null;
}

/** Name of the candidate before it has one. */
const CANDIDATE = 'candidate';
/** Name of the folder that the trainer leaves its files in. */
export const OUTPUT = 'output';

/** @throws RunFailure where it cannot be validated; what is merely not good enough is a verdict */
export async function validateCandidate(ports: ValidationPorts, candidate: CandidateRun): Promise<Validated> {
  const { predictCommand } = candidate.policy;
  const text = await candidate.folder.readText(`${OUTPUT}/${METRICS_FILE}`, MAX_METRICS_BYTES);
  return predictCommand === null
    ? byReport(candidate, reportedMetrics(text))
    : byAnswers(ports, candidate, predictCommand);
}

function byReport({ run, policy, incumbent }: CandidateRun, reported: ReportedMetrics): Validated {
  const inProduction = incumbent?.version.version ?? null;
  const covered = reported.incumbent;
  if (inProduction !== null && covered === null)
    throw new RunFailure(
      `${METRICS_FILE} says nothing of version "${inProduction}", now in production, on the same rows ("incumbent").`,
    );
  if (covered && covered.version !== inProduction)
    throw new RunFailure(
      `${METRICS_FILE} compares with version "${covered.version}"; in production is ${shown(inProduction)}.`,
    );
  const { metric } = policy.retraining.validation;
  const scored = { value: reported.metrics[metric] ?? null, n: reported.n };
  const other = covered && { version: covered.version, value: covered.metrics[metric] ?? null, n: covered.n };
  const verdict = judgeCandidate(policy.retraining.validation, scored, other);
  return {
    verdict,
    metrics: { ...reported.metrics, n: reported.n },
    validation: { by: 'reported', covers: covered, run },
    evidence: asJson({ by: 'reported', verdict, reported }),
    answers: null,
  };
}

async function byAnswers(
  ports: ValidationPorts,
  candidate: CandidateRun,
  command: readonly string[],
): Promise<Validated> {
  const { run, model, policy, incumbent, split, outputFolder } = candidate;
  const task = model.task ?? 'classification';
  const held = await candidate.heldFolder();
  const rows = await heldOutExamples(ports.examples, split);
  const { path: dataPath } = await held.writeLines(
    'held-out.jsonl',
    rows.map(({ id, features }) => JSON.stringify({ id, features })),
  );
  const expected = { ids: new Set(rows.map(({ id }) => id)), task, ...(model.classes && { classes: model.classes }) };
  const answersOf = async (version: string, modelFolder: string): Promise<AnsweredVersion> => {
    const outcome = await ports.predictor.predict(
      {
        ...{ command, modelFolder, dataPath, expected, folder: held.path },
        outputPath: `${held.path}/answers-${version}.jsonl`,
        timeoutSeconds: policy.retraining.validation.timeLimitSeconds,
      },
      candidate.signal,
      candidate.onOutput,
    );
    const who = version === CANDIDATE ? 'the candidate' : `version "${version}", now in production,`;
    if (outcome.answers === null) throw new RunFailure(`The predict command failed on ${who}: ${outcome.reason}`);
    return { version, answers: outcome.answers };
  };
  const answered: AnsweredVersion[] = [];
  // The incumbent first: the candidate's difference is told from it.
  if (incumbent) answered.push(await answersOf(incumbent.version.version, await held.materialise(incumbent)));
  answered.push(await answersOf(CANDIDATE, outputFolder));
  const labelled = rows.map(({ id, label }): LabelledRow => ({ id, label: storedValue(label, task) }));
  const { classes, positiveClass } = model;
  const evaluated = {
    ...{ model: model.model, task },
    ...(classes && { classes }),
    ...(positiveClass !== undefined && { positiveClass }),
  };
  const evaluation = ports.evaluate(evaluated, labelled, answered);
  const { answers } = answered[answered.length - 1] as AnsweredVersion;
  return { ...judged(run, policy, incumbent?.version.version ?? null, evaluation), answers };
}

function judged(
  run: string,
  policy: PolicyRules,
  incumbent: string | null,
  evaluation: Evaluation,
): Omit<Validated, 'answers'> {
  const of = (name: string) => evaluation.versions.find(({ version }) => version === name);
  const scores = (metrics: Metrics | undefined) => {
    const found = (metrics as Readonly<Record<string, { value: number | null; n: number }>> | undefined)?.[
      policy.retraining.validation.metric
    ];
    return { value: found?.value ?? null, n: found?.n ?? 0 };
  };
  const [mine, theirs] = [of(CANDIDATE), incumbent === null ? undefined : of(incumbent)];
  const other = incumbent === null ? null : { version: incumbent, ...scores(theirs?.metrics) };
  const verdict = judgeCandidate(policy.retraining.validation, scores(mine?.metrics), other);
  const n = evaluation.rows;
  const covers = incumbent === null ? null : { version: incumbent, n, metrics: numbersOf(theirs?.metrics) };
  const { difference = null, latency = null } = mine ?? {};
  return {
    verdict,
    metrics: { ...numbersOf(mine?.metrics), n },
    validation: { by: 'plumbline', covers, run },
    evidence: asJson({ by: 'plumbline', verdict, difference, latency, rows: n }),
  };
}

/** Values that are there, by name. */
function numbersOf(metrics: Metrics | undefined): Record<string, number> {
  const entries = Object.entries(metrics ?? {}).map(([name, measured]): [string, number | null] => [
    name,
    measured.value,
  ]);
  return Object.fromEntries(entries.filter((entry): entry is [string, number] => entry[1] !== null));
}

function shown(version: string | null): string {
  return version === null ? 'none' : `"${version}"`;
}
