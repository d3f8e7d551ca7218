/** What the service says of a model: which version is in production, and how a running experiment splits the traffic. */
import { PlumblineError } from '../../errors.ts';
import { isName, isRecord } from '../../monitor/option-checks.ts';
import { BUCKETS, type Range } from '../../experiments/allocation.ts';

/** A running experiment. */
export interface RunningExperiment {
  readonly name: string;
  /** Counts the changes of its weights. */
  readonly epoch: number;
  readonly salt: string;
  /** Sorted and without a gap: every bucket belongs to one version. */
  readonly ranges: readonly Range[];
  /** Versions that predict beside the one that answers. */
  readonly shadows: readonly string[];
}

/** The state of one model. */
export interface ModelAssignments {
  readonly production: string | null;
  readonly experiment: RunningExperiment | null;
  /** Why a running experiment is left out: it is split in a way this SDK does not know. */
  readonly unsupported?: string;
}

/** The one hash there is; vectors in `test/golden` pin it. */
const HASH = 'murmur3_32';

/**
 * Reads an answer of `GET /v1/assignments`. Fields nobody knows are passed over, so that an older SDK lives with a newer service; an
 * experiment with another hash is left out, since its keys would land in the wrong arms.
 * @throws PlumblineError `invalid_request` naming the field that is wrong; then nothing of the answer is used
 */
export function readAssignments(answer: unknown, model: string): ModelAssignments {
  const { items, models } = record(answer, 'answer');
  const experiments = records(items, 'items').map((item, index) => ({ item, path: `items[${index}]` }));
  const own = experiments.filter(({ item }) => item['model'] === model);
  if (own.length > 1) throw unreadable('items', `hold ${own.length} running experiments of "${model}"`);
  const production = records(models, 'models').find((one) => one['model'] === model)?.['production'] ?? null;
  if (production !== null && !isName(production)) throw unreadable('models.production', 'is no version');
  const [first] = own;
  if (!first) return { production, experiment: null };
  const { hash, buckets, experiment } = first.item;
  if (hash !== HASH || buckets !== BUCKETS) {
    const unsupported = `Experiment "${text(experiment)}" splits by ${text(hash)} into ${text(buckets)} buckets, not ${HASH} into ${BUCKETS}`;
    return { production, experiment: null, unsupported };
  }
  return { production, experiment: readExperiment(first.item, first.path) };
}

function readExperiment(item: Readonly<Record<string, unknown>>, path: string): RunningExperiment {
  const { experiment: name, epoch, salt, allocation, shadows = [] } = item;
  if (!isName(name)) throw unreadable(`${path}.experiment`, 'is no name');
  if (!Number.isSafeInteger(epoch) || (epoch as number) < 0) throw unreadable(`${path}.epoch`, 'is no whole number');
  if (typeof salt !== 'string') throw unreadable(`${path}.salt`, 'is no text');
  if (!Array.isArray(shadows) || !shadows.every(isName)) throw unreadable(`${path}.shadows`, 'is no list of versions');
  const ranges = records(allocation, `${path}.allocation`).map((range, index) =>
    readRange(range, `${path}.allocation[${index}]`),
  );
  checkCovering(ranges, `${path}.allocation`);
  return { name, epoch: epoch as number, salt, ranges, shadows };
}

function readRange({ version, start, end }: Readonly<Record<string, unknown>>, path: string): Range {
  if (!isName(version)) throw unreadable(`${path}.version`, 'is no version');
  if (!Number.isInteger(start) || !Number.isInteger(end)) throw unreadable(path, 'has no whole start and end');
  return { version, start: start as number, end: end as number };
}

/** A gap would leave keys without a version, and an overlap would give one to two. */
function checkCovering(ranges: readonly Range[], path: string): void {
  let next = 0;
  for (const { start, end } of ranges) {
    if (start !== next || end < start) throw unreadable(path, `leaves a gap or overlaps at bucket ${next}`);
    next = end;
  }
  if (next !== BUCKETS) throw unreadable(path, `ends at bucket ${next} and not at ${BUCKETS}`);
}

function records(value: unknown, path: string): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) throw unreadable(path, 'is no list');
  return value.map((item, index) => record(item, `${path}[${index}]`));
}

function record(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value as Readonly<Record<string, unknown>>;
  throw unreadable(path, 'is no object');
}

/** A value out of a foreign answer, for a message. */
function text(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 100);
}

function unreadable(path: string, what: string): PlumblineError {
  return new PlumblineError(
    'invalid_request',
    `The collector's assignments cannot be used: ${path} ${what}`,
    'The last known state stays in use. Check that SDK and collector are of fitting versions.',
  );
}
