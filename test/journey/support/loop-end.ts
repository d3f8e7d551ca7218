/** The steps of the loop from the comparison on, each with what is to be seen of it. */
import { randomUUID } from 'node:crypto';
import type { FeedbackItem } from '../../../collector/src/feedback/feedback.ts';
import { AT, COMPARED, MODEL, move, REGISTRY, seen, TOKENS, type Loop } from './loop.ts';
import type { Answered } from './market.ts';
import { answer, eventually, metricsOf } from './watching.ts';

/** What somebody says of a prediction whose label never came is accepted, and is its label from then on. @returns the id of the item */
export async function acceptFeedback(loop: Loop): Promise<string> {
  const { on, market } = loop;
  const [reading] = await market.send(COMPARED[1], COMPARED[1] + 1);
  const { id, version, prediction } = reading as Answered;
  const labelled = { ml_labels_total: ['version', 'status'] };
  const joined = `ml_labels_total ${version} joined`;
  const before = (await metricsOf(on, MODEL, labelled))[joined] as number;
  const correctedLabel = prediction === '1' ? '0' : '1';
  market.monitor(version).recordFeedback({ id, correct: false, correctedLabel, explanation: 'the bill says so' });
  await market.flush();
  const path = `${AT}/feedback?status=pending`;
  const { items } = await answer<{ readonly items: readonly FeedbackItem[] }>(on, ['GET', path]);
  expect(items).toMatchObject([{ predictionId: id, version, correct: false, correctedLabel }]);
  const item = items[0]?.id as string;
  const decision = { decision: 'accepted', reason: 'the bill is in the file' };
  expect(await answer(on, ['POST', `${AT}/feedback/${item}/review`, decision])).toMatchObject({
    label: correctedLabel,
  });
  const counted = { [`ml_feedback_total ${version} incorrect`]: 1, [joined]: before + 1 };
  await seen(loop, { ...labelled, ml_feedback_total: ['version', 'verdict'] }, counted);
  return item;
}

/** The candidate replaces version 1 on what it did beside it. */
export async function promote(loop: Loop, experiment: string): Promise<void> {
  const { on, market } = loop;
  expect(await move(loop, '2', 'staging', 'it did better')).toMatchObject({ status: 200 });
  const end = { state: 'ended', reason: 'the candidate replaces version 1' };
  await answer(on, ['PUT', `${AT}/experiments/${experiment}`, end], TOKENS.admin);
  expect(await move(loop, '2', 'production', 'it did better')).toMatchObject({ status: 200 });
  expect(await answer(on, ['GET', `${AT}/versions/1`])).toMatchObject({ stage: 'deprecated' });
  await seen(loop, REGISTRY, {
    ...{ 'ml_model_info 1 deprecated': 1, 'ml_model_info 2 production': 1 },
    ...{ 'ml_model_transitions_total 1 deprecated': 1, 'ml_model_transitions_total 2 promoted': 2 },
  });
  await eventually(async () =>
    expect(Object.keys(await metricsOf(on, MODEL, { ml_experiment_weight: ['version'] }))).toEqual([]),
  );
  expect(await market.router.refresh()).toBe(true);
  const route = { version: '2', reason: 'production', experiment: null };
  expect(market.router.route(randomUUID())).toMatchObject(route);
}

/** The way back is open. */
export async function rollBack(loop: Loop): Promise<void> {
  const { on, market } = loop;
  await answer(on, ['POST', `${AT}/rollback`, { to: '1', reason: 'to see that it can be done' }]);
  await seen(loop, REGISTRY, {
    ...{ 'ml_model_info 1 production': 1, 'ml_model_info 2 deprecated': 1 },
    ...{ 'ml_model_transitions_total 1 rolled_back': 1, 'ml_model_transitions_total 2 deprecated': 1 },
  });
  await market.router.refresh();
  expect(market.router.route(randomUUID())).toMatchObject({ version: '1', reason: 'production' });
}
