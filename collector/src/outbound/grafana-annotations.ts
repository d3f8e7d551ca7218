/** Writes to Grafana what happened to models, so that every dashboard can show it (`POST /api/annotations`). */
import { errorText } from '../errors.ts';

/** One thing that happened. */
export interface Annotation {
  /** Epoch ms. */
  readonly at: number;
  /** One sentence. */
  readonly text: string;
  /** Dashboards find it by these. */
  readonly tags: readonly string[];
}

/** Where Grafana is, and the token of a service account that may write annotations. */
export interface AnnotationsOptions {
  readonly url: string;
  readonly token: string;
  /** Told why one could not be written; it is not tried again, and what happened has happened. */
  readonly onError: (why: string) => void;
}

const TIMEOUT = 5_000;

/** Makes what writes them. It returns at once and never throws. */
export function createAnnotations({ url, token, onError }: AnnotationsOptions): (annotation: Annotation) => void {
  const address = `${url.replace(/\/+$/, '')}/api/annotations`;
  const write = async ({ at, text, tags }: Annotation): Promise<void> => {
    const response = await fetch(address, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ time: at, text, tags: ['plumbline', ...tags] }),
      signal: AbortSignal.timeout(TIMEOUT),
      // A token goes to nobody else.
      redirect: 'error',
    });
    await response.arrayBuffer();
    if (!response.ok) onError(`Grafana answered ${response.status} to an annotation; check GRAFANA_TOKEN.`);
  };
  return (annotation) => void write(annotation).catch((error: unknown) => onError(errorText(error)));
}
