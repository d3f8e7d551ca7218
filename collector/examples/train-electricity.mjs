// Trains the Electricity model on exported training examples, as a retraining command of Plumbline:
//   node train-electricity.mjs --data examples.jsonl --output folder [--incumbent folder --incumbent-version 7]
// Writes model.json and metrics.json. The newest fifth of the rows is held out to choose how many of the rows before are still worth
// learning from (the market changes); the numbers in metrics.json are of those held-out rows. Then it learns from the newest rows, too.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argument, fit, inputsOf, probability, rowsOf } from './electricity-model.mjs';

const WINDOWS = [1_500, 3_000, 6_000];
const RIDGES = [1, 30];
const LEAST = 200;

const [data, output] = [argument('data'), argument('output')];
const samples = [];
let skipped = 0;
for await (const { id, timestamp, features, label, weight = 1 } of rowsOf(data)) {
  const inputs = inputsOf(features);
  if (inputs && (label === '0' || label === '1'))
    samples.push({ id, time: Date.parse(timestamp), inputs, target: Number(label), weight });
  else skipped++;
}
console.log(`${samples.length} rows, ${skipped} without all features or with another label`);
if (samples.length < LEAST) fail(`${LEAST} rows are needed at least`);
samples.sort((a, b) => a.time - b.time);
const heldOut = samples.slice(Math.floor(samples.length * 0.8));
const before = samples.slice(0, samples.length - heldOut.length);
if (new Set(before.map(({ target }) => target)).size < 2)
  fail('the rows before the held-out ones are all of one class');

let best;
for (const window of WINDOWS.filter((size, index) => index === 0 || size / 2 < before.length))
  for (const ridge of RIDGES) {
    const scores = scoresOf(fit(before.slice(-window), ridge), heldOut);
    console.log(
      `the last ${Math.min(window, before.length)} rows, ridge ${ridge}: accuracy ${scores.accuracy.toFixed(4)}`,
    );
    if (!best || scores.accuracy > best.scores.accuracy) best = { window, ridge, scores };
  }
const digest = createHash('sha256')
  .update(JSON.stringify(heldOut.map(({ id }) => id)))
  .digest('hex');
const metrics = { ...best.scores, heldOut: { rows: heldOut.length, digest } };
const incumbent = argument('incumbent', true);
if (incumbent !== undefined) {
  const former = JSON.parse(readFileSync(join(incumbent, 'model.json'), 'utf8'));
  metrics.incumbent = { version: argument('incumbent-version'), ...scoresOf(former, heldOut) };
}
const model = fit(samples.slice(-best.window), best.ridge);
writeFileSync(join(output, 'model.json'), JSON.stringify({ format: 'electricity-logistic/1', ...model }));
writeFileSync(join(output, 'metrics.json'), JSON.stringify(metrics, null, 2));
console.log(`learned from the last ${Math.min(best.window, samples.length)} rows, ridge ${best.ridge}`);

/** Accuracy and Brier score on rows. */
function scoresOf(candidate, rows) {
  const scores = rows.map(({ inputs }) => probability(candidate, inputs));
  const right = rows.filter(({ target }, index) => (scores[index] >= 0.5 ? 1 : 0) === target).length;
  const brier = rows.reduce((sum, { target }, index) => sum + (scores[index] - target) ** 2, 0) / rows.length;
  return { n: rows.length, accuracy: right / rows.length, brier };
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}
