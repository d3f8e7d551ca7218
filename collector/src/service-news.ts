/** What people are told of models where they look anyway: annotations in Grafana, with a token for it. */
import type { Logger } from 'pino';
import type { GuardrailBreach } from './assignments/experiment-keeper.ts';
import type { Config } from './config.ts';
import type { Transition } from './lifecycle/lifecycle.ts';
import { createAnnotations } from './outbound/grafana-annotations.ts';

const MOVES: Readonly<Record<Transition['kind'], string>> = {
  promoted: 'was promoted to',
  overridden: 'was promoted, past its gates, to',
  rolled_back: 'was rolled back to',
  deprecated: 'was moved to',
};

/** Makes it; without a token nothing is told. */
export function openNews({ grafana }: Pick<Config, 'grafana'>, logger: Logger) {
  const annotate =
    grafana?.token === undefined
      ? () => {}
      : createAnnotations({ url: grafana.url, token: grafana.token, onError: (why) => logger.warn(why) });
  return {
    moved: ({ model, version, to, kind, at, reason }: Transition) =>
      annotate({
        at: Date.parse(at),
        text: `${model}: version ${version} ${MOVES[kind]} ${to}. ${reason}`,
        tags: [`model:${model}`, `version:${version}`, kind],
      }),
    guardrail: ({ model, experiment, version }: GuardrailBreach) =>
      annotate({
        at: Date.now(),
        text: `${model}: version ${version} lost its weight in experiment ${experiment} by a guardrail.`,
        tags: [`model:${model}`, `version:${version}`, 'guardrail'],
      }),
  };
}
