/** The steps of the loop up to the comparison, each with what is to be seen of it. */
import type { FirstVersion } from '../../../collector/src/demo/loop/electricity-program.ts';
import { LABEL_DELAY_ROWS } from '../../../collector/src/demo/electricity-rows.ts';
import type { ExperimentReport } from '../../../collector/src/assignments/report.ts';
import type { PolicyChanges } from '../../../collector/src/lifecycle/policy.ts';
import type { DriftReport } from '../../../collector/src/monitor/reports.ts';
import type { AlertAnswer } from '../../../collector/src/retraining/take-alerts.ts';
import type { Plan, Run } from '../../../collector/src/retraining/run.ts';
import { alertWebhook } from './alert-webhook.ts';
import { AT, COMPARED, DRIFTED, MODEL, move, REGISTRY, seen, STABLE, TOKENS, WINDOW, type Loop } from './loop.ts';
import type { Answered } from './market.ts';
import { answer, eventually } from './watching.ts';

const RUNS = { ml_retraining_runs_total: ['trigger', 'result'] } as const;
const EXPERIMENT = { ml_experiment_weight: ['version'], ml_experiment_assignments_total: ['version'] } as const;
const AT_ONCE = 50;

type Predict = Parameters<Loop['market']['deploy']>[1];

/** The defaults refuse what version 1 does; the model's own policy takes it. */
export async function bringLive(
  loop: Loop,
  first: FirstVersion & { readonly predict: Predict },
  policy: PolicyChanges,
): Promise<void> {
  const { on, market } = loop;
  const declaration = { classes: ['0', '1'], positiveClass: '1', window: WINDOW };
  await answer(on, ['PUT', AT, declaration], TOKENS.admin);
  const form = new FormData();
  for (const [name, value] of Object.entries({ metrics: first.metrics, reference: first.reference }))
    form.append(name, JSON.stringify(value));
  form.append('version', '1');
  form.append('file', new Blob([first.content]), 'model.json');
  await answer(on, ['POST', `${AT}/versions`, form]);
  await market.deploy('1', first.predict);
  const sent = await market.send(...STABLE);
  expect(new Set(sent.map(({ version }) => version))).toEqual(new Set(['1']));

  const refused = await move(loop, '1', 'staging', 'it learned from a year');
  const gate = { metric: 'accuracy', need: 0.85, n: sent.length - LABEL_DELAY_ROWS, met: false, source: 'live' };
  expect([refused.status, refused.body]).toMatchObject([409, { code: 'gate_not_met', gates: [gate] }]);
  // Only the alert is to start a run here; the demo shows the other triggers.
  const triggers = { accuracy: null, drift: null, feedback: null };
  const retraining = { ...policy.retraining, triggers };
  await answer(on, ['PUT', `${AT}/policy`, { ...policy, retraining }], TOKENS.admin);
  for (const stage of ['staging', 'production'])
    expect(await move(loop, '1', stage, `its gates of ${stage} are met`)).toMatchObject({ status: 200 });
  await seen(loop, REGISTRY, { 'ml_model_info 1 production': 1, 'ml_model_transitions_total 1 promoted': 2 });
  await seen(loop, RUNS, {
    'ml_retraining_runs_total alert succeeded': 0,
    'ml_retraining_runs_total alert refused': 0,
  });
}

/** After May 1997 the readings are others, which the verdicts say, and version 1 is right less often. */
export async function drift(loop: Loop): Promise<void> {
  const { on, market } = loop;
  const verdictOf = async (feature: string) => {
    const { verdict, features } = await answer<DriftReport>(on, ['GET', `${AT}/drift?version=1`]);
    return [verdict, features.find((one) => one.feature === feature)?.verdict];
  };
  await eventually(async () => expect(await verdictOf('vicprice')).toEqual([expect.any(String), 'stable']));
  await market.send(...DRIFTED);
  await eventually(async () => expect(await verdictOf('vicprice')).toEqual(['drifted', 'drifted']));
  await seen(loop, { ml_feature_drifted: ['version', 'feature'] }, { 'ml_feature_drifted 1 vicprice': 1 });
  const plan = await answer<Plan>(on, ['GET', `${AT}/retraining/plan`]);
  expect(plan).toMatchObject({ would: 'wait', refusal: null, running: null });
}

/** Fifty webhooks of one alert at once, and two more: one run, whose candidate is held against version 1 on rows it did not learn from. */
export async function retrain(loop: Loop): Promise<Run> {
  const { on, secret } = loop;
  const signed = { secret, token: TOKENS.alerts };
  const { body, options } = alertWebhook({ model: MODEL, fingerprint: 'a1' }, signed);
  const send = () => on.call('POST', '/v1/alerts', body, options);
  const forged = { ...options, headers: { ...options.headers, 'x-grafana-alerting-signature': '0'.repeat(64) } };
  expect((await on.call('POST', '/v1/alerts', body, forged)).status).toBeGreaterThanOrEqual(400);

  const answers = [...(await Promise.all(Array.from({ length: AT_ONCE }, send))), await send(), await send()];
  const outcomes = answers.flatMap(({ body: found }) => (found as unknown as AlertAnswer).alerts);
  expect(outcomes).toHaveLength(AT_ONCE + 2);
  expect(new Set(outcomes.map(({ run }) => run)).size).toBe(1);
  expect(outcomes.filter(({ outcome }) => outcome === 'started')).toHaveLength(1);
  expect(outcomes.filter(({ outcome }) => outcome === 'known')).toHaveLength(AT_ONCE + 1);

  const id = outcomes[0]?.run as string;
  const run = await eventually(async () => {
    const found = await answer<Run>(on, ['GET', `${AT}/retraining/${id}`]);
    expect(found.endedAt).not.toBeNull();
    return found;
  });
  expect(run).toMatchObject({ state: 'succeeded', trigger: 'alert', incumbent: '1', version: '2' });
  const steps = ['queued', 'exporting', 'training', 'validating', 'saving', 'experiment', 'succeeded'];
  expect(run.steps.map(({ state }) => state)).toEqual(steps);
  expect(run.log).toContain('rows, 0 without all features');
  expect(await answer(on, ['GET', `${AT}/versions/2`])).toMatchObject({
    ...{ stage: 'development', tags: { retraining: id } },
    validation: { by: 'plumbline', covers: { version: '1', n: expect.any(Number) } },
  });
  expect(await answer(on, ['GET', AT])).toMatchObject({ production: '1' });

  const next = alertWebhook({ model: MODEL, fingerprint: 'a2' }, signed);
  const refused = await on.call('POST', '/v1/alerts', next.body, next.options);
  const refusal = expect.objectContaining({ code: 'cooldown' }) as unknown;
  expect(refused.body).toMatchObject({ alerts: [{ outcome: 'refused', refusal }] });
  await seen(loop, RUNS, {
    'ml_retraining_runs_total alert succeeded': 1,
    'ml_retraining_runs_total alert refused': 1,
  });
  return run;
}

function accuracyOf(sent: readonly Answered[], version: string): number {
  const answers = sent.filter((one) => one.version === version);
  return answers.filter(({ prediction, label }) => prediction === label).length / answers.length;
}

/** The router takes the arm up, and both are compared by what came true. @returns the name of the experiment */
export async function compare(loop: Loop, run: Run, deploy: (content: unknown) => Promise<void>): Promise<string> {
  const { on, market } = loop;
  const { items } = await answer<{ readonly items: readonly ExperimentReport[] }>(on, ['GET', `${AT}/experiments`]);
  const experiment = items[0]?.experiment as string;
  expect(items).toMatchObject([{ state: 'running', description: expect.stringContaining(run.run), control: '1' }]);
  await seen(loop, EXPERIMENT, { 'ml_experiment_weight 1': 0.5, 'ml_experiment_weight 2': 0.5 });
  const file = await answer<string>(on, ['GET', `${AT}/versions/2/files/model.json`]);
  await deploy(JSON.parse(file));
  expect(market.router.status().experiment).toEqual({ name: experiment, epoch: 1 });

  const sent = await market.send(...COMPARED);
  await market.catchUp();
  const of = (version: string) => sent.filter((one) => one.version === version).length;
  await seen(loop, EXPERIMENT, {
    'ml_experiment_assignments_total 1': of('1'),
    'ml_experiment_assignments_total 2': of('2'),
  });
  const report = await eventually(async () => {
    const found = await answer<ExperimentReport>(on, ['GET', `${AT}/experiments/${experiment}`]);
    expect(found.comparison?.arms).toMatchObject(['1', '2'].map((version) => ({ version, labelled: of(version) })));
    return found;
  });
  const { arms, differences, sampleRatio, verdict } = report.comparison as NonNullable<typeof report.comparison>;
  expect(arms.map(({ keys, latency }) => [keys, latency.n])).toEqual(
    ['1', '2'].map((version) => [of(version), of(version)]),
  );
  for (const { version, metrics } of arms) expect(metrics.accuracy?.value).toBeCloseTo(accuracyOf(sent, version), 10);
  const difference = differences.find(({ metric }) => metric === 'accuracy') as (typeof differences)[number];
  expect(difference).toMatchObject({ version: '2', keys: of('2'), controlKeys: of('1') });
  const plain = accuracyOf(sent, '2') - accuracyOf(sent, '1');
  expect(difference.low).toBeLessThan(plain);
  expect(difference.high).toBeGreaterThan(plain);
  expect([sampleRatio.mismatch, verdict.verdict]).toEqual([false, expect.not.stringMatching('blocked')]);
  return experiment;
}
