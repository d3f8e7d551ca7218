import type { Transition, Version } from '../../../grafana-plugin/src/control-plane/types';
import {
  liveSpans,
  nextStage,
  whyNotDeprecate,
  whyNotPromote,
  whyNotRollBack,
} from '../../../grafana-plugin/src/pages/versions/version-moves';

const move = (version: string, from: Transition['from'], to: Transition['to'], day: number) =>
  ({ version, from, to, at: `2026-11-0${day}T00:00:00.000Z` }) as Transition;
const at = (day: number) => `2026-11-0${day}T00:00:00.000Z`;
const version = (stage: Version['stage']) => ({ stage }) as Version;

it('tells when each version was live, also twice, in whatever order the moves come', () => {
  const moves = [
    move('2', 'production', 'deprecated', 5),
    move('1', 'deprecated', 'production', 5),
    move('1', 'production', 'deprecated', 3),
    move('2', 'staging', 'production', 3),
    move('1', 'staging', 'production', 2),
    move('1', 'development', 'staging', 1),
  ];
  const expected = {
    1: [
      { from: at(5), until: undefined },
      { from: at(2), until: at(3) },
    ],
    2: [{ from: at(3), until: at(5) }],
  };
  for (const order of [moves, [...moves].reverse()]) {
    expect(Object.fromEntries(liveSpans(order))).toEqual(expected);
  }
});

it.each([
  ['development', 'staging', { promote: true, back: false, deprecate: false }],
  ['staging', 'production', { promote: true, back: false, deprecate: false }],
  ['production', undefined, { promote: false, back: false, deprecate: true }],
  ['deprecated', undefined, { promote: false, back: true, deprecate: false }],
  [null, undefined, { promote: false, back: false, deprecate: false }],
] as const)('from %s: next %s, %j', (stage, next, may) => {
  const spans = stage === 'deprecated' ? [{ from: at(1), until: at(2) }] : [];
  expect(nextStage(stage)).toBe(next);
  expect({
    promote: whyNotPromote(version(stage)) === undefined,
    back: whyNotRollBack(version(stage), spans) === undefined,
    deprecate: whyNotDeprecate(version(stage)) === undefined,
  }).toEqual(may);
});

it('one that never was in production cannot be gone back to', () => {
  expect(whyNotRollBack(version('deprecated'), undefined)).toMatch(/never been in production/);
});
