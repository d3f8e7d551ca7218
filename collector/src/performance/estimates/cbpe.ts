/** Confidence-based estimates from single predictions; see groups.ts for what they can and cannot see. */
import { checkList } from '../../distribution/arguments.ts';
import { PlumblineError } from '../../errors.ts';
import { UNMEASURED } from '../measured.ts';
import { checkScore, checkScores } from '../scores/checks.ts';
import { wilsonOfMean } from '../wilson.ts';
import { estimateFrom, type BinaryEstimates, type Estimated, type EstimatedMetricName } from './groups.ts';

/**
 * What the metrics of a binary classifier will be, as NannyML's CBPE.
 * @param probabilities P(positive class), calibrated @param predicted 1 where the positive class was predicted, else 0
 * @param scores what the model ranks by, where calibration has changed the order or made ties
 * @returns null with n 0 of no prediction; one, equal ones, and probabilities of 0 and 1 as any other
 * @throws PlumblineError `invalid_request` naming what is no number from 0 to 1, or when there are not as many predictions
 * Cost: O(n log n).
 */
export function cbpeBinary(
  probabilities: ArrayLike<number>,
  predicted: ArrayLike<number>,
  scores: ArrayLike<number> = probabilities,
): BinaryEstimates {
  checkScores(probabilities, predicted);
  checkScores(scores, predicted);
  const order = Array.from(scores, (_, row) => row).sort((a, b) => (scores[a] as number) - (scores[b] as number));
  const inOrder = (of: ArrayLike<number>): Float64Array => Float64Array.from(order, (row) => of[row] as number);
  return estimateFrom({
    rank: inOrder(scores),
    count: new Float64Array(order.length).fill(1),
    probability: inOrder(probabilities),
    uncertainty: new Float64Array(order.length),
    predicted: inOrder(predicted),
  });
}

/** Estimates over several classes: accuracy, and each class against the rest, averaged with equal weight. */
export interface MulticlassEstimates {
  readonly accuracy: Estimated;
  readonly precision_macro: Estimated;
  readonly recall_macro: Estimated;
  readonly specificity_macro: Estimated;
  readonly f1_macro: Estimated;
  readonly roc_auc_macro: Estimated;
  /** Each class against the rest, in the order of the classes. */
  readonly classes: readonly BinaryEstimates[];
}

/**
 * The same for several classes, as NannyML's. The interval of an average takes its parts as if they moved together, which is the
 * widest they can be.
 * @param probabilities row after row, a calibrated probability per class @param predicted index of the predicted class
 * @throws PlumblineError `invalid_request` naming what is no probability, or no class
 * Cost: O(classes · n log n).
 */
export function cbpeMulticlass(
  probabilities: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): MulticlassEstimates {
  checkClasses(probabilities, predicted, classes);
  const column = (k: number): Float64Array =>
    Float64Array.from(predicted, (_, row) => probabilities[row * classes + k] as number);
  const against = Array.from({ length: classes }, (_, k) =>
    cbpeBinary(
      column(k),
      Float64Array.from(predicted, (own) => Number(own === k)),
    ),
  );
  const macro = (name: EstimatedMetricName): Estimated => averageOf(against.map((own) => own[name]));
  return {
    accuracy: accuracyOf(probabilities, predicted, classes),
    precision_macro: macro('precision'),
    recall_macro: macro('recall'),
    specificity_macro: macro('specificity'),
    f1_macro: macro('f1'),
    roc_auc_macro: macro('roc_auc'),
    classes: against,
  };
}

function accuracyOf(probabilities: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): Estimated {
  const n = predicted.length;
  if (n === 0) return { ...UNMEASURED, estimated: true };
  let [sum, spread] = [0, 0];
  for (let row = 0; row < n; row++) {
    const p = probabilities[row * classes + (predicted[row] as number)] as number;
    sum += p;
    spread += p * (1 - p);
  }
  return { value: sum / n, n, ...wilsonOfMean(sum / n, spread / (n * n), n), method: 'wilson', estimated: true };
}

function averageOf(parts: readonly Estimated[]): Estimated {
  const mean = (of: (part: Estimated) => number | null | undefined): number | null => {
    const values = parts.map(of);
    return values.every((value) => typeof value === 'number')
      ? (values as number[]).reduce((sum, value) => sum + value, 0) / values.length
      : null;
  };
  const [value, low, high] = [mean((part) => part.value), mean((part) => part.low), mean((part) => part.high)];
  const n = parts[0]?.n ?? 0;
  return value === null
    ? { ...UNMEASURED, n, estimated: true }
    : { value, n, low, high, method: 'wilson', estimated: true };
}

function checkClasses(probabilities: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): void {
  if (!Number.isSafeInteger(classes) || classes < 2)
    throw invalid(`classes: expected at least 2, got ${String(classes)}`);
  checkList(probabilities, 'probabilities');
  checkList(predicted, 'predicted');
  if (probabilities.length !== predicted.length * classes)
    throw invalid(`probabilities: ${probabilities.length} numbers for ${predicted.length} rows of ${classes}`);
  for (let at = 0; at < probabilities.length; at++) checkScore(probabilities[at], `probabilities[${at}]`);
  for (let row = 0; row < predicted.length; row++) {
    const own = predicted[row] as number;
    if (!Number.isSafeInteger(own) || own < 0 || own >= classes)
      throw invalid(`predicted[${row}]: ${String(own)} is not an index of one of ${classes} classes`);
  }
}

function invalid(message: string): PlumblineError {
  return new PlumblineError(
    'invalid_request',
    message,
    'Give a probability per row and class, and the index predicted.',
  );
}
