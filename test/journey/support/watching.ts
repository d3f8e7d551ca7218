/** Looks at a collector until what must come has come. */
import { parseExposition } from '../../contract/support/exposition.ts';
import type { Collector, Json } from './collector.ts';

/** Far beyond what a loaded machine needs; a test that meets it says what it saw last. */
const DEADLINE = 120_000;
const PAUSE = 200;

/** Repeats a look until it holds. @throws what the last one threw, when the deadline is over */
export async function eventually<Found>(look: () => Promise<Found>): Promise<Found> {
  for (const deadline = Date.now() + DEADLINE; ;)
    try {
      return await look();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
}

/** Values by `name{labels}` of one model, the labels that are named alone. */
export async function metricsOf(
  on: Collector,
  model: string,
  names: Readonly<Record<string, readonly string[]>>,
): Promise<Readonly<Record<string, number>>> {
  const { samples } = parseExposition(String((await on.call('GET', '/metrics')).body));
  const found = samples.filter(({ name, labels }) => name in names && labels['model'] === model);
  const shown = found.map(({ name, labels, value }): [string, number] => {
    const kept = (names[name] as readonly string[]).map((label) => labels[label]);
    return [[name, ...kept].join(' '), value];
  });
  return Object.fromEntries(shown);
}

/** The answer to a question, which must not be refused. @param token default: the collector's own */
export async function answer<Found = Json>(
  on: Collector,
  [method, path, body]: readonly [method: string, path: string, body?: unknown],
  token?: string,
): Promise<Found> {
  const { status, body: found } = await on.call(method, path, body, token === undefined ? {} : { token });
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(found)}`);
  return found as Found;
}
