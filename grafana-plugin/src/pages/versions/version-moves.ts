import { t } from '@grafana/i18n';
import type { Stage, Transition, Version } from '../../control-plane/types';

/** A time in which a version was in production; `until` is undefined while it still is. */
export interface LiveSpan {
  from: string;
  until: string | undefined;
}

/** When each version was in production, newest span first. Moves may come in any order. */
export function liveSpans(transitions: readonly Transition[]): Map<string, LiveSpan[]> {
  const spans = new Map<string, LiveSpan[]>();
  for (const { version, from, to, at } of [...transitions].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    const known = spans.get(version) ?? [];
    spans.set(version, known);
    const [newest] = known;
    if (from === 'production' && newest && newest.until === undefined) {
      newest.until = at;
    }
    if (to === 'production') {
      known.unshift({ from: at, until: undefined });
    }
  }
  return spans;
}

/** The stage a promotion leads to; undefined where there is none. */
export function nextStage(stage: Version['stage']): Stage | undefined {
  return stage === 'development' ? 'staging' : stage === 'staging' ? 'production' : undefined;
}

/** Why a version cannot be promoted, as far as its stage goes. */
export function whyNotPromote({ stage }: Version): string | undefined {
  if (nextStage(stage)) {
    return undefined;
  }
  if (stage === 'production') {
    return t('versions.promote.live', 'It is in production already.');
  }
  return stage === null ? notSaved() : t('versions.promote.deprecated', 'It is deprecated; roll back to it instead.');
}

/** Why a version cannot be deprecated. */
export function whyNotDeprecate({ stage }: Version): string | undefined {
  if (stage === 'production') {
    return undefined;
  }
  return stage === null ? notSaved() : t('versions.deprecate.stage', 'Only a version in production can be deprecated.');
}

/** Why a version cannot be rolled back to. */
export function whyNotRollBack({ stage }: Version, spans: readonly LiveSpan[] | undefined): string | undefined {
  if (stage === null) {
    return notSaved();
  }
  if (stage === 'production') {
    return t('versions.rollback.live', 'It is in production already.');
  }
  return stage === 'deprecated' && spans?.length
    ? undefined
    : t('versions.rollback.never', 'It has never been in production; promote it instead.');
}

function notSaved(): string {
  return t('versions.unregistered', 'Its files were never saved; it only sent predictions.');
}
