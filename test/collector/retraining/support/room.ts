/** Retraining over a real store, with a clock, examples, a trainer and a predictor that a test can set. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExampleSource, TrainingExample } from '../../../../collector/src/feedback/training-example.ts';
import type { LiveEvidence } from '../../../../collector/src/lifecycle/evidence.ts';
import type { RetrainingChanges } from '../../../../collector/src/lifecycle/retraining-policy.ts';
import { createRunFolders } from '../../../../collector/src/outbound/run-folders.ts';
import { evaluateVersions } from '../../../../collector/src/retraining/evaluation/evaluate-versions.ts';
import type { Arms, NewArm } from '../../../../collector/src/retraining/follow-up.ts';
import { maskSecrets } from '../../../../collector/src/retraining/mask-secrets.ts';
import { createRetraining } from '../../../../collector/src/retraining/retraining-service.ts';
import { RunDesk, type RunEnd } from '../../../../collector/src/retraining/run-desk.ts';
import type { Run, StartRequest } from '../../../../collector/src/retraining/run.ts';
import type {
  PredictJob,
  Predictor,
  Trainer,
  TrainerOutcome,
  TrainingJob,
  VersionAnswer,
} from '../../../../collector/src/retraining/trainer.ts';
import { watchTriggers } from '../../../../collector/src/retraining/watch-triggers.ts';
import { createLocalArtifacts } from '../../../../collector/src/storage/artifacts/local-artifacts.ts';
import type { Database } from '../../../../collector/src/storage/database.ts';
import { createRetrainingStore } from '../../../../collector/src/storage/retraining-store.ts';
import { ACT, control } from '../../registry/support/control.ts';
import { untyped } from '../../support/core.ts';

export const MODEL = 'churn';
export const START = Date.UTC(2026, 0, 1);
export const FINE: TrainerOutcome = { end: 'finished', exitCode: 0, reason: 'It ended well.' };
const DAY = 86_400_000;
/** Milliseconds after which a silent replica counts as gone, by the clock of the test. */
export const PATIENCE = 30_000;

/** Examples, a minute apart, the last one just before the start; the label is the sign of `x`. */
export function examples(
  count: number,
  change: (example: TrainingExample, index: number) => Partial<TrainingExample> = () => ({}),
) {
  return Array.from({ length: count }, (_, index): TrainingExample => {
    const x = ((index * 7919) % 200) - 99.5;
    const example: TrainingExample = {
      ...{ id: `p${index}`, timestamp: new Date(START - (count - index) * 60_000).toISOString(), version: '1' },
      ...{ features: { x }, prediction: 'no', label: x > 0 ? 'yes' : 'no', weight: 1, source: 'label' },
    };
    return { ...example, ...change(example, index) };
  });
}

/** A policy that trains on what `examples` makes. */
export const POLICY: RetrainingChanges = {
  trainer: { kind: 'command', command: ['train'], environment: [] },
  data: { minimumRows: 100 },
  validation: { minimumRows: 50, min: 0.8, margin: 0.01 },
};

/** Answers every row right but for a share of them. */
export function answering(wrongShare: number): (job: PredictJob) => Map<string, VersionAnswer> {
  return ({ expected }) => {
    const ids = [...expected.ids].sort();
    const wrong = Math.round(wrongShare * ids.length);
    return new Map(ids.map((id, index) => [id, { prediction: rightAnswer(id, index >= wrong) }]));
  };
}

function rightAnswer(id: string, isRight: boolean): string {
  const x = ((Number(id.slice(1)) * 7919) % 200) - 99.5;
  return x > 0 === isRight ? 'yes' : 'no';
}

/** Where a run may be held, or its process killed. */
export const POINTS = ['training', 'validating', 'saved', 'promoting', 'promoted'] as const;
export type Point = (typeof POINTS)[number];

export type Room = Awaited<ReturnType<typeof openRoom>>;

/** One replica. @param folder for artifacts (shared by replicas) and for runs (its own) */
export async function openRoom(database: Database, folder: string, name = 'replica-a') {
  const artifacts = await createLocalArtifacts(join(folder, 'artifacts'));
  const rooms = control(database, artifacts);
  const runsFolder = mkdtempSync(join(folder, 'runs-'));
  const folders = createRunFolders({ folder: runsFolder, artifacts });
  const store = createRetrainingStore(database);
  const ends: RunEnd[] = [];
  const refusals: string[] = [];
  const errors: unknown[] = [];
  const state = {
    now: START,
    examples: examples(1_000),
    accepted: 0,
    performance: { task: 'classification', metrics: { accuracy: { value: 0.9, n: 1_000 } } } as unknown,
    drift: { lasting: { verdict: 'stable', drifted: 0, windows: 3 }, features: [] } as unknown,
    /** Leaves a model where nothing else is said. */
    train: async (job: TrainingJob, _signal: AbortSignal, _print: (text: string) => void): Promise<TrainerOutcome> => {
      leave(job, { 'model.bin': 'new weights' });
      return FINE;
    },
    /** By the folder of the version. */
    answers: (job: PredictJob) => answering(job.modelFolder.includes('version-') ? 0.15 : 0.05)(job),
    /** Told of points on the way of a run, and waited for. */
    at: async (_point: Point): Promise<void> => {},
    arms: [] as NewArm[],
    jobs: [] as TrainingJob[],
    predictions: [] as PredictJob[],
  };
  const source: ExampleSource = {
    examples: async function* ({ from = 0, to = Number.MAX_SAFE_INTEGER }) {
      for (const example of state.examples) {
        const at = Date.parse(example.timestamp);
        if (at >= from && at < to) yield example;
      }
    },
  };
  const feedback = { accepted: async () => state.accepted };
  const trainer: Trainer = {
    train: async (_spec, job, signal, print) => {
      state.jobs.push(job);
      await state.at('training');
      return state.train(job, signal, print);
    },
  };
  const predictor: Predictor = {
    predict: async (job) => {
      state.predictions.push(job);
      await state.at('validating');
      return { ...FINE, answers: state.answers(job) };
    },
  };
  const arms: Arms = {
    start: async (arm) => {
      state.arms.push(arm);
      return `retraining-${arm.run}`;
    },
  };
  const registry: Pick<typeof rooms.registry, 'save'> = {
    save: async (...args) => {
      const saved = await rooms.registry.save(...args);
      await state.at('saved');
      return saved;
    },
  };
  const lifecycle: Pick<typeof rooms.lifecycle, 'transition'> = {
    transition: async (...args) => {
      if (args[2].to === 'production') await state.at('promoting');
      const moved = await rooms.lifecycle.transition(...args);
      if (args[2].to === 'production') await state.at('promoted');
      return moved;
    },
  };
  const now = () => state.now;
  const onError = (error: unknown) => void errors.push(error);
  const desk = new RunDesk({
    ...{ store, owner: name, now, onError, versions: rooms.store, lifecycle, patience: PATIENCE },
    ...{ registry, examples: source, feedback, evaluate: evaluateVersions, trainer, predictor, folders, arms },
    maskFor: () => (text) => maskSecrets(text, ['top-secret']),
    onEnd: (end) => void ends.push(end),
  });
  const facts = untyped<Parameters<typeof watchTriggers>[0]['facts']>({
    answers: { performance: async () => state.performance, drift: async () => state.drift },
    feedback,
  });
  const retraining = createRetraining({
    ...{ store, now, owner: name, facts, desk, newId: randomUUID, onStart: () => {} },
    onRefusal: (model, trigger) => void refusals.push(`${model} ${trigger}`),
  });
  const start = (request: Partial<StartRequest> = {}) =>
    retraining.start(MODEL, { trigger: 'operator', reason: 'because', ...request }, ACT);
  return {
    ...{ ...rooms, store, retraining, desk, state, ends, refusals, errors, start, artifacts, runsFolder },
    look: () => watchTriggers({ store, facts, retraining, now, onError }),
    setPolicy: (retrainingChanges: RetrainingChanges, more: object = {}) =>
      rooms.lifecycle.setPolicy(MODEL, { retraining: retrainingChanges, ...more }, ACT),
    /** Starts a run and waits for its end. */
    ran: async (request: Partial<StartRequest> = {}): Promise<Run> => {
      const answer = await start(request);
      if (answer.outcome !== 'started') throw new Error(JSON.stringify(answer));
      return ended(answer.run.run);
    },
    ended,
    /** What live traffic says of every version. */
    traffic: (live: LiveEvidence) => void (rooms.state.live = live),
    days: (count: number) => (state.now += count * DAY),
  };

  async function ended(run: string): Promise<Run> {
    await desk.ended(run);
    return retraining.run(MODEL, run);
  }
}

/** What a trainer leaves. */
export function leave({ outputFolder }: TrainingJob, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(outputFolder, path, '..'), { recursive: true });
    writeFileSync(join(outputFolder, path), text);
  }
}
