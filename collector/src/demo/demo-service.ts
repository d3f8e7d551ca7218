/** What the demo needs of the service it runs, and what it tells it beforehand. */
import type { ReferenceProfile } from '../index.ts';
import { PlumblineError } from '../errors.ts';
import type { ClosedWindow } from '../labels/stored-window.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Act, Registry } from '../registry/model-version.ts';
import { TRAINING_ROWS } from './electricity.ts';
import type { TrainedDemo } from './electricity-rows.ts';

/** A collector in this process. */
export interface DemoService {
  readonly registry: Pick<Registry, 'declare' | 'save'>;
  readonly lifecycle: Pick<Lifecycle, 'setPolicy'>;
  /** Closes and judges the windows that are full. */
  readonly keepHouse: () => Promise<void>;
  /** Tells of each window that is closed. */
  readonly watchWindows: (listener: (window: ClosedWindow) => void) => void;
}

/** The demo's model and version. */
export const DEMO = { model: 'electricity', version: '1' } as const;

const ONE_HOUR = { retentionDays: 1 / 24, labelDeadlineSeconds: 3_600, labelExpirySeconds: 3_600 };
const ACT: Act = { actor: { name: 'plumbline demo', role: null, verified: false, token: null }, requestId: null };

/**
 * Declares the model and saves the trained version, as who deploys a model would; in a database of an earlier run it is there.
 * @param window predictions per drift window
 * @param endless whether traffic never ends: then an hour of it is kept (at 100 rows a second about 120 MB)
 */
export async function registerDemo(
  { registry, lifecycle }: DemoService,
  trained: TrainedDemo,
  { window, endless }: { readonly window: number; readonly endless: boolean },
): Promise<void> {
  const { model, version } = DEMO;
  const description = 'Price up or down against the last 24 hours, New South Wales electricity market';
  await registry.declare(model, { classes: ['0', '1'], positiveClass: '1', window, description }, ACT);
  if (endless) await lifecycle.setPolicy(model, ONE_HOUR, ACT);
  try {
    await registry.save(
      {
        ...{ model, version, reference: trained.reference as ReferenceProfile },
        description: `Logistic regression, trained on the first ${TRAINING_ROWS} rows`,
        metrics: { accuracy: trained.trainingAccuracy, n: TRAINING_ROWS },
      },
      { kind: 'upload', files: modelFile(trained) },
      ACT,
    );
  } catch (error) {
    if (!(error instanceof PlumblineError && error.code === 'already_exists')) throw error;
  }
}

async function* modelFile({ model }: TrainedDemo) {
  const content = JSON.stringify({ kind: 'logistic regression', weights: model.weights });
  yield await Promise.resolve({ path: 'model.json', content: bytes(content) });
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

/** Has all windows closed that are full. @param closed how many were closed so far */
export async function closeWindows({ keepHouse }: DemoService, closed: () => number): Promise<void> {
  let before: number;
  do {
    before = closed();
    await keepHouse();
  } while (closed() > before);
}
