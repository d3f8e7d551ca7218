import { config } from '@grafana/runtime';
import { proxyAddress } from './address';
import { Problem, problemOf } from './problem';
import type { Version } from './types';

/** A file of a new version: its path within the version, and its content. */
export interface UploadFile {
  path: string;
  content: File;
}

/** A version to be saved. */
export interface Upload {
  model: string;
  /** The next whole number where it has none. */
  version?: string;
  description?: string;
  /** As JSON, such as `{"accuracy": 0.93, "n": 4000}`. */
  metrics?: string;
  files: readonly UploadFile[];
}

/** How an upload is sent. */
export interface UploadOptions {
  idempotencyKey: string;
  /** Told the share that has left the browser, 0 to 1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/**
 * Saves a version. Grafana's own `fetch` passes on texts only and tells no progress, so this one call goes by XMLHttpRequest, on the same
 * proxy path.
 * @throws (the promise) Problem; a DOMException named AbortError when it was called off
 */
export function uploadVersion(upload: Upload, options: UploadOptions): Promise<Version> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const address = proxyAddress('operate', ['models', upload.model, 'versions']);
    request.open('POST', `${config.appSubUrl ?? ''}/${address}`);
    request.setRequestHeader('Idempotency-Key', options.idempotencyKey);
    const org = config.bootData?.user?.orgId;
    if (org !== undefined) {
      request.setRequestHeader('X-Grafana-Org-Id', String(org));
    }
    request.upload.onprogress = ({ loaded, total }) => options.onProgress(total === 0 ? 0 : loaded / total);
    request.onload = () => {
      const answer = { status: request.status, body: parsed(request.responseText) };
      if (answer.status === 201) {
        resolve(answer.body as Version);
      } else {
        reject(problemOf(answer));
      }
    };
    request.onerror = () => reject(new Problem('unreachable', ''));
    request.onabort = () => reject(new DOMException('The upload was called off.', 'AbortError'));
    options.signal.addEventListener('abort', () => request.abort());
    request.send(formOf(upload));
  });
}

/** The fields first, then the files: the collector reads them as they arrive. */
function formOf({ version, description, metrics, files }: Upload): FormData {
  const form = new FormData();
  for (const [name, text] of Object.entries({ version, description, metrics })) {
    if (text !== undefined && text !== '') {
      form.append(name, text);
    }
  }
  for (const { path, content } of files) {
    form.append('files', content, path);
  }
  return form;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
