/** The rules by which runs are started and candidates judged, without anything around them. */
import fc from 'fast-check';
import { checkPolicy, DEFAULT_POLICY, policyOf } from '../../../collector/src/lifecycle/policy.ts';
import {
  DEFAULT_RETRAINING,
  mergeRetraining,
  type RetrainingChanges,
} from '../../../collector/src/lifecycle/retraining-policy.ts';
import { judgeCandidate } from '../../../collector/src/retraining/judge-candidate.ts';
import { judgeStart, WEEK } from '../../../collector/src/retraining/judge-start.ts';
import { judgeTrigger, type Facts } from '../../../collector/src/retraining/judge-trigger.ts';
import { maskSecrets } from '../../../collector/src/retraining/mask-secrets.ts';
import { planOf } from '../../../collector/src/retraining/plan.ts';
import { scheduled } from '../../../collector/src/retraining/schedule.ts';
import { TRIGGERS, type TriggerName } from '../../../collector/src/retraining/run.ts';
import { untyped } from '../support/core.ts';

const NOW = Date.UTC(2026, 0, 10, 12);
const HOUR = 3_600_000;
const NONE = { running: null, lastStart: null, starts: [] };
const command = { kind: 'command', command: ['train'], environment: [] } as const;
const policy = (changes: RetrainingChanges = {}) =>
  mergeRetraining(DEFAULT_RETRAINING, { trainer: command, ...changes });

describe('whether a run may start', () => {
  test('off by default: no trainer', () => {
    expect(judgeStart(DEFAULT_RETRAINING, NONE, NOW)).toMatchObject({ code: 'no_trainer', until: null });
    expect(judgeStart(policy(), NONE, NOW)).toBeNull();
  });

  test('one at a time, whoever asks', () => {
    expect(judgeStart(policy(), { ...NONE, running: 'r' }, NOW, true)).toMatchObject({ code: 'running' });
  });

  test('24 hours after the start of the last, to the millisecond; an override passes', () => {
    const last = (ago: number) => ({ ...NONE, lastStart: NOW - ago, starts: [NOW - ago] });
    expect(judgeStart(policy(), last(24 * HOUR - 1), NOW)).toEqual({
      code: 'cooldown',
      message: expect.stringContaining('24 h'),
      until: new Date(NOW + 1).toISOString(),
    });
    expect(judgeStart(policy(), last(24 * HOUR), NOW)).toBeNull();
    expect(judgeStart(policy(), last(1), NOW, true)).toBeNull();
  });

  test('a budget per week: the refusal says when there is room again, and then there is', () => {
    const starts = [6 * 24, 4 * 24, 2 * 24].map((hours) => NOW - hours * HOUR);
    const refusal = judgeStart(policy(), { ...NONE, lastStart: starts[2] as number, starts }, NOW);
    expect(refusal).toMatchObject({ code: 'budget', until: new Date((starts[0] as number) + WEEK).toISOString() });
    const later = Date.parse(refusal?.until ?? '') + 1;
    const left = starts.filter((start) => start >= later - WEEK);
    expect(judgeStart(policy(), { ...NONE, lastStart: starts[2] as number, starts: left }, later)).toBeNull();
    expect(judgeStart(policy({ runsPerWeek: 0 }), NONE, NOW)).toMatchObject({ code: 'budget', until: null });
  });
});

describe('triggers', () => {
  const drift = { verdict: 'drifted', drifted: 2, windows: 3, share: 0.5 } as const;
  const cases: [TriggerName, Facts, boolean, RegExp][] = [
    ['accuracy', { accuracy: { value: 0.849, n: 200 } }, true, /0\.849 on 200 labels is below 0\.85/],
    ['accuracy', { accuracy: { value: 0.85, n: 200 } }, false, /is not below/],
    ['accuracy', { accuracy: { value: 0.1, n: 199 } }, false, /rests on 199 labels; 200 are needed/],
    ['accuracy', { accuracy: { value: null, n: 0 } }, false, /no accuracy of the last 7 days/],
    ['accuracy', { accuracy: { unknown: 'A regression.' } }, false, /A regression/],
    ['drift', { drift }, true, /2 of the last 3 windows drifted, 0\.5 of the features/],
    ['drift', { drift: { ...drift, share: 0.49 } }, false, /share of 0\.5/],
    ['drift', { drift: { ...drift, verdict: 'stable', drifted: 1 } }, false, /1 of the last 3/],
    ['drift', { drift: { ...drift, share: null } }, false, /no feature could be judged/],
    ['feedback', { feedback: 100 }, true, /100 predictions/],
    ['feedback', { feedback: 99 }, false, /it takes 100/],
    ['schedule', { schedule: { due: NOW, next: null } }, true, /due at 2026-01-10T12/],
    ['schedule', { schedule: { due: null, next: NOW } }, false, /next time is 2026-01-10T12/],
    ['operator', {}, false, /operator/],
    ['alert', {}, false, /action=retrain/],
  ];
  const all = policy({ triggers: { schedule: { cron: '0 12 * * *', timeZone: 'UTC' } } });
  test.each(cases)('%s of %j: %s', (trigger, facts, met, why) => {
    expect(judgeTrigger(trigger, all, facts)).toMatchObject({
      trigger,
      on: true,
      met,
      why: expect.stringMatching(why),
    });
  });

  test('what the policy switches off is never met', () => {
    const off = policy({ triggers: { alert: false, accuracy: null, drift: null, feedback: null } });
    const facts: Facts = { accuracy: { value: 0, n: 1e6 }, drift, feedback: 1e6, schedule: { due: NOW, next: null } };
    for (const trigger of TRIGGERS.filter((name) => name !== 'operator'))
      expect(judgeTrigger(trigger, off, facts)).toMatchObject({ on: false, met: false });
  });

  test('the plan says what would happen by the same rules', () => {
    const facts = { feedback: 100 };
    const history = { running: null, lastStart: NOW - HOUR, starts: [NOW - HOUR] };
    expect(planOf('m', policy(), { facts, history: NONE }, NOW)).toMatchObject({
      would: 'start',
      trigger: 'feedback',
      refusal: null,
    });
    expect(planOf('m', policy(), { facts, history }, NOW)).toMatchObject({
      ...{ would: 'refuse', trigger: 'feedback', refusal: { code: 'cooldown' } },
      cooldown: { hours: 24, secondsLeft: 23 * 3_600, until: new Date(NOW + 23 * HOUR).toISOString() },
      budget: { perWeek: 3, used: 1, left: 2 },
    });
    expect(planOf('m', DEFAULT_RETRAINING, { facts: {}, history: NONE }, NOW)).toMatchObject({
      would: 'wait',
      refusal: { code: 'no_trainer' },
    });
  });
});

describe('schedules', () => {
  const daily = { cron: '0 3 * * *', timeZone: 'Europe/Berlin' };
  test('the last of the missed times is due, once', () => {
    const since = Date.UTC(2026, 0, 7);
    expect(scheduled(daily, since, NOW)).toEqual({ due: Date.UTC(2026, 0, 10, 2), next: Date.UTC(2026, 0, 11, 2) });
    expect(scheduled(daily, Date.UTC(2026, 0, 10, 2), NOW)).toEqual({ due: null, next: Date.UTC(2026, 0, 11, 2) });
  });

  test('a day without this hour and one with two of them each have one run', () => {
    const dues = new Set<number>();
    let since = Date.UTC(2026, 2, 27);
    for (let now = since; now < Date.UTC(2026, 3, 1); now += HOUR / 2) {
      const { due } = scheduled({ ...daily, cron: '30 2 * * *' }, since, now);
      if (due !== null) dues.add((since = due));
    }
    // Berlin has no half past two on 29 March 2026.
    expect([dues.size >= 4, dues.size <= 5]).toEqual([true, true]);
  });

  test('one that never comes has no time', () => {
    expect(scheduled({ cron: '0 0 30 2 *', timeZone: 'UTC' }, NOW, NOW)).toEqual({ due: null, next: null });
  });

  test('every second for a year is not walked through one by one for ever', () => {
    const { due } = scheduled({ cron: '* * * * * *', timeZone: 'UTC' }, NOW - 365 * 24 * HOUR, NOW);
    expect(due).toBe(NOW);
  });
});

describe('candidates', () => {
  const { validation } = DEFAULT_RETRAINING;
  const scored = (value: number | null, n = 1_000) => ({ value, n });
  const incumbent = (value: number | null, n = 1_000) => ({ version: '1', value, n });

  test('must reach the threshold and stay within the margin, both exactly', () => {
    expect(judgeCandidate(validation, scored(0.85), null).good).toBe(true);
    expect(judgeCandidate(validation, scored(0.8499), null).good).toBe(false);
    expect(judgeCandidate(validation, scored(0.89), incumbent(0.9)).good).toBe(true);
    expect(judgeCandidate(validation, scored(0.8899), incumbent(0.9)).good).toBe(false);
    expect(judgeCandidate(validation, scored(0.95), incumbent(0.9)).good).toBe(true);
  });

  test('errors are held from above', () => {
    const mae = mergeRetraining(DEFAULT_RETRAINING, { validation: { metric: 'mae', max: 2, margin: 0.1 } }).validation;
    expect(mae).not.toHaveProperty('min');
    expect(judgeCandidate(mae, scored(1.6), incumbent(1.5)).good).toBe(true);
    expect(judgeCandidate(mae, scored(1.61), incumbent(1.5))).toMatchObject({ good: false, direction: 'at_most' });
    expect(judgeCandidate(mae, scored(2.01), incumbent(3)).good).toBe(false);
  });

  test('no value, too few rows, other rows: not good, and it says why', () => {
    expect(judgeCandidate(validation, scored(null), null).why).toMatch(/has no accuracy/);
    expect(judgeCandidate(validation, scored(0.9, 199), null).why).toMatch(/199 held-out rows; 200/);
    expect(judgeCandidate(validation, scored(0.9), incumbent(null)).why).toMatch(/Version "1".*has no accuracy/);
    expect(judgeCandidate(validation, scored(0.9), incumbent(0.8, 999)).why).toMatch(/on 999/);
  });

  test('whatever the numbers: never good while worse than need or incumbent less margin', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(unit, unit, unit, (mine, theirs, margin) => {
        const { good } = judgeCandidate({ ...validation, margin }, scored(mine), incumbent(theirs));
        if (good) expect(mine >= 0.85 && mine >= theirs - margin - 1e-9).toBe(true);
      }),
    );
  });
});

describe('the section of the policy', () => {
  const checked = (changes: unknown) => () =>
    checkPolicy(policyOf({ retraining: untyped<RetrainingChanges>(changes) }));
  test('the default is sound, and parts are changed by themselves', () => {
    expect(checkPolicy(DEFAULT_POLICY)).toBe(DEFAULT_POLICY);
    const merged = policyOf({
      retraining: { triggers: { accuracy: { below: 0.7, minimum: 50, windowDays: 1 } }, data: { minimumRows: 5 } },
    });
    expect(merged.retraining).toMatchObject({
      cooldownHours: 24,
      triggers: { alert: true, feedback: { count: 100 } },
      data: { windowDays: 90, minimumRows: 5 },
    });
  });

  const webhook = { kind: 'webhook', url: 'https://ci.example/run', pollSeconds: 10 };
  const wrong: [unknown, RegExp][] = [
    [{ trainer: { kind: 'shell' } }, /retraining\.trainer\.kind/],
    [{ trainer: { ...command, command: [] } }, /retraining\.trainer\.command/],
    [{ trainer: { ...command, environment: ['PLUMBLINE_TOKENS'] } }, /retraining\.trainer\.environment\[0\].*own/],
    [{ trainer: { ...command, environment: ['DATABASE_URL'] } }, /environment\[0\]/],
    [{ trainer: { ...command, environment: ['GRAFANA_TOKEN'] } }, /environment\[0\]/],
    [{ trainer: { ...webhook, url: 'https://me:secret@ci.example' } }, /retraining\.trainer\.url/],
    [{ trainer: { ...webhook, url: 'file:///etc/passwd' } }, /retraining\.trainer\.url/],
    [{ trainer: { ...webhook, headers: { Host: 'CI_TOKEN' } } }, /headers\.Host/],
    [{ triggers: { schedule: { cron: 'often', timeZone: 'UTC' } } }, /schedule\.cron/],
    [{ triggers: { schedule: { cron: '0 3 * * *', timeZone: 'Berlin' } } }, /schedule\.timeZone/],
    [{ triggers: { accuracy: { below: 2, minimum: 1, windowDays: 1 } } }, /accuracy\.below/],
    [{ cooldownHours: -1 }, /cooldownHours/],
    [{ runsPerWeek: 1.5 }, /runsPerWeek/],
    [{ validation: { min: 0.8, max: 0.9 } }, /retraining\.validation: expected either min or max/],
    [{ validation: { heldOut: 1 } }, /heldOut/],
    [{ then: { do: 'deploy' } }, /retraining\.then\.do/],
    [{ then: { do: 'experiment', weight: 0 } }, /retraining\.then\.weight/],
    [{ then: { do: 'experiment', weight: 1, keyWindowSeconds: -1 } }, /retraining\.then\.keyWindowSeconds/],
    [{ data: { minimumRows: 10, maximumRows: 9 } }, /maximumRows/],
  ];
  test.each(wrong)('%j is refused, and the field named', (changes, field) => {
    expect(checked(changes)).toThrow(field);
  });
});

test('secrets do not stand in what is shown', () => {
  const text =
    'curl -H "Authorization: Bearer abc.def-123" https://me:pw@host/ PASSWORD=hunter22 api_key: "xyz789" t0p-s3cret ok';
  expect(maskSecrets(text, ['t0p-s3cret', 'ok'])).toBe(
    'curl -H "Authorization: Bearer ***" https://***@host/ PASSWORD=*** api_key: "***" *** ok',
  );
});
