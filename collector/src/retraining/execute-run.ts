/** Takes a run through its states. Production is touched by nothing but the last one, and there by the gates. */
import type { ReferenceProfile } from '../distribution/reference.ts';
import type { ExampleSource, FeedbackCounts } from '../feedback/training-example.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { PolicyRules } from '../lifecycle/policy.ts';
import type { Registry, Version } from '../registry/model-version.ts';
import { noModel } from '../registry/refusals.ts';
import type { RegistryReading, StoredVersion } from '../registry/registry-store.ts';
import { BY_POLICY, promoteFar, startArm, type Arms } from './follow-up.ts';
import { givenReference, profiledReference, REFERENCE_FILE } from './candidate-reference.ts';
import { METRICS_FILE } from './reported-metrics.ts';
import { RunFailure } from './run-failure.ts';
import type { FolderFile, RunFolder, RunFolders } from './run-folders.ts';
import type { RunWatch } from './run-watch.ts';
import { splitExamples, trainingLines, type ExampleSplit } from './split-examples.ts';
import type { Trainer } from './trainer.ts';
import { OUTPUT, validateCandidate, type Validated, type ValidationPorts } from './validate-candidate.ts';

/** What a run works with. */
export interface RunPorts extends ValidationPorts {
  readonly registry: Pick<Registry, 'save'>;
  readonly versions: Pick<RegistryReading, 'version' | 'versions' | 'model'>;
  readonly lifecycle: Pick<Lifecycle, 'transition'>;
  readonly examples: ExampleSource;
  readonly feedback: FeedbackCounts;
  readonly trainer: Trainer;
  readonly folders: RunFolders;
  readonly arms: Arms | undefined;
  /** Epoch ms. */
  readonly now: () => number;
}

/** A run that was started. */
export interface BegunRun {
  readonly run: string;
  readonly model: string;
  /** As it was when the run started. */
  readonly policy: PolicyRules;
}

/** Name of the tag by which a version says which run made it. */
export const RUN_TAG = 'retraining';
/** What the trainer is given. */
const EXAMPLES = 'examples.jsonl';

/**
 * @returns how it succeeded, in one sentence
 * @throws RunFailure, RunCancelled, RunLost; anything else is a defect, or the store that is away
 */
export async function executeRun(ports: RunPorts, begun: BegunRun, watch: RunWatch): Promise<string> {
  const used: RunFolder[] = [];
  const folder = async (name: string) => {
    const made = await ports.folders.create(name);
    used.push(made);
    return made;
  };
  try {
    return await go(ports, begun, watch, folder);
  } finally {
    for (const made of used.reverse()) await made.remove();
  }
}

async function go(
  ports: RunPorts,
  begun: BegunRun,
  watch: RunWatch,
  makeFolder: (name: string) => Promise<RunFolder>,
): Promise<string> {
  const { run, policy } = begun;
  const model = (await ports.versions.model(begun.model)) ?? noModel(begun.model);
  await watch.step('exporting');
  const split = await splitOf(ports, begun);
  const folder = await makeFolder(run);
  const incumbent = await inProduction(ports, begun.model, model.production);
  const outputFolder = await train(ports, begun, watch, { split, folder, incumbent });
  await watch.step('validating');
  const given = await givenReference(folder, `${OUTPUT}/${REFERENCE_FILE}`);
  // Who is in production may have changed while it was trained.
  const now = (await ports.versions.model(begun.model))?.production ?? null;
  const other = now === model.production ? incumbent : await inProduction(ports, begun.model, now);
  const validated = await validateCandidate(ports, {
    ...{ run, model, policy, split, folder, outputFolder, incumbent: other },
    ...{ heldFolder: () => makeFolder(`${run}-held`), signal: watch.signal, onOutput: watch.log.write },
  });
  watch.check();
  if (!validated.verdict.good) throw new RunFailure(validated.verdict.why, validated.evidence);
  await watch.step('saving', { evidence: validated.evidence });
  const { answers } = validated;
  const reference =
    given ?? (await profiledReference(folder.readLines(EXAMPLES), { model, answers, now: ports.now() }));
  const saved = await save(ports, begun, folder, { ...validated, reference });
  return followUp(ports, begun, watch, { saved, validated, incumbent: now });
}

async function splitOf({ examples, feedback, now }: RunPorts, { model, policy }: BegunRun): Promise<ExampleSplit> {
  const { data, validation } = policy.retraining;
  return splitExamples(examples, {
    ...{ model, data, accepted: await feedback.accepted(model), now: now(), minimumHeldOut: validation.minimumRows },
    // Without a predict command nobody else could judge the candidate: the trainer gets all, and holds out by itself.
    heldOut: policy.predictCommand === null ? 0 : validation.heldOut,
  });
}

async function inProduction(
  { versions }: RunPorts,
  model: string,
  version: string | null,
): Promise<StoredVersion | undefined> {
  return version === null ? undefined : versions.version(model, version);
}

/** @returns the folder that the trainer left its files in */
async function train(
  { examples, trainer }: RunPorts,
  { run, model, policy }: BegunRun,
  watch: RunWatch,
  {
    split,
    folder,
    incumbent,
  }: { readonly split: ExampleSplit; readonly folder: RunFolder; readonly incumbent: StoredVersion | undefined },
): Promise<string> {
  const spec = policy.retraining.trainer;
  if (spec === null) throw new RunFailure('The policy of the model names no trainer any more.');
  const { path: dataPath, lines } = await folder.writeLines(EXAMPLES, trainingLines(examples, split));
  const incumbentFolder = policy.predictCommand === null && incumbent ? await folder.materialise(incumbent) : null;
  const about = { run, model, incumbent: incumbent?.version.version ?? null, incumbentFolder };
  await folder.writeLines('run.json', [JSON.stringify(about)]);
  const outputFolder = await folder.makeFolder(OUTPUT);
  const { from, boundary, heldOut, withoutFeedback } = split;
  const evidence = { rows: lines, from: iso(from), before: iso(boundary), heldOut, withoutFeedback };
  await watch.step('training', { evidence });
  const { timeLimitSeconds: timeoutSeconds } = policy.retraining;
  const job = { run, model, folder: folder.path, dataPath, outputFolder, timeoutSeconds };
  const outcome = await trainer.train(spec, job, watch.signal, watch.log.write);
  watch.check();
  if (outcome.end !== 'finished') throw new RunFailure(outcome.reason, { ...outcome });
  return outputFolder;
}

async function save(
  { registry }: RunPorts,
  { run, model }: BegunRun,
  folder: RunFolder,
  { metrics, validation, verdict, reference }: Validated & { readonly reference: ReferenceProfile | undefined },
): Promise<Version> {
  async function* files(): AsyncGenerator<FolderFile> {
    for await (const file of folder.files(OUTPUT)) if (file.path !== METRICS_FILE) yield file;
  }
  const facts = { description: `Retrained. ${verdict.why}`, metrics, validation, tags: { [RUN_TAG]: run } };
  return registry.save(
    { model, ...facts, ...(reference && { reference }) },
    { kind: 'upload', files: files() },
    BY_POLICY,
  );
}

async function followUp(
  { lifecycle, arms }: RunPorts,
  { run, policy }: BegunRun,
  watch: RunWatch,
  facts: { readonly saved: Version; readonly validated: Validated; readonly incumbent: string | null },
): Promise<string> {
  const { saved, validated, incumbent } = facts;
  const { then } = policy.retraining;
  const known = { version: saved.version, evidence: { version: saved.version, digest: saved.digest } };
  const praise = validated.verdict.why;
  if (then.do === 'development') {
    await watch.step('saving', known);
    return `Version "${saved.version}" is in development. ${praise}`;
  }
  await watch.step(then.do === 'promote' ? 'promoting' : 'experiment', known);
  const done =
    then.do === 'promote'
      ? await promoteFar(lifecycle, saved, { run, to: then.to })
      : await startArm(arms, saved, { run, incumbent, then });
  return `${done.why} ${praise}`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
