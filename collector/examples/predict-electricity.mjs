// Runs a version of the Electricity model on rows, as a predictCommand of Plumbline:
//   node predict-electricity.mjs --model folder --data rows.jsonl --output answers.jsonl
// A row is {id, features}; each is answered by {id, prediction, score, durationSeconds}, score = P(class 1).
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { argument, inputsOf, probability, rowsOf } from './electricity-model.mjs';

const model = JSON.parse(readFileSync(join(argument('model'), 'model.json'), 'utf8'));
const out = openSync(argument('output'), 'w');
for await (const { id, features } of rowsOf(argument('data'))) {
  const start = performance.now();
  // A row that lacks a feature is answered as the average row is.
  const score = probability(model, inputsOf(features) ?? model.mean);
  const durationSeconds = (performance.now() - start) / 1000;
  writeSync(out, `${JSON.stringify({ id, prediction: score >= 0.5 ? '1' : '0', score, durationSeconds })}\n`);
}
closeSync(out);
