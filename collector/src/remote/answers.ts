/** Asks the collector for answers. */
import { PlumblineError } from '../errors.ts';
import type { DistributionReport, DriftReport, PerformanceReport } from '../monitor/reports.ts';
import type { HttpClient } from './delivery/http-client.ts';
import { answerError } from './delivery/outcome.ts';

/** The answers of the service, by the last part of their route. */
export interface RemoteAnswers {
  readonly performance: PerformanceReport;
  readonly drift: DriftReport;
  readonly distribution: DistributionReport;
}

/**
 * One answer about a model version.
 * @throws PlumblineError that says what is wrong: `unavailable` (unreachable, or not now), `unauthorized`, `forbidden`, `not_found`
 */
export async function askCollector<Name extends keyof RemoteAnswers>(
  client: HttpClient,
  url: string,
  names: { readonly model: string; readonly version: string },
  name: Name,
): Promise<RemoteAnswers[Name]> {
  const path = `/v1/models/${encodeURIComponent(names.model)}/${name}?version=${encodeURIComponent(names.version)}`;
  const answer = await client.get(path);
  if (answer.status !== 200) throw answerError(answer, url);
  const report = parsed(answer.text);
  if (report?.model === names.model) return report as RemoteAnswers[Name];
  throw new PlumblineError(
    'not_found',
    `What is at ${url} answers 200 but not with ${name}: it is no Plumbline collector`,
    'Give collector.url the address the collector itself prints, without a path of its API.',
  );
}

function parsed(text: string): { readonly model?: unknown } | undefined {
  try {
    return JSON.parse(text) as { readonly model?: unknown };
  } catch {
    return undefined;
  }
}
