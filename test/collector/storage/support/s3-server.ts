/** A small S3-compatible store in memory, over loopback: objects, parts, pages of lists. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One that can be looked into and made to fail. */
export interface S3Server {
  readonly url: string;
  readonly objects: Map<string, Buffer>;
  /** `METHOD path` of each request. */
  readonly requests: string[];
  /** Answers everything with this status while set. */
  failWith: number | undefined;
  close(): Promise<void>;
}

/** Keys per page: small, so that tests meet more than one. */
const PAGE = 3;

export async function startS3(): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, Map<number, Buffer>>();
  const requests: string[] = [];
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const state: S3Server = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    requests,
    failWith: undefined,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname, searchParams } = new URL(request.url as string, state.url);
    // The first part is the bucket.
    const key = decodeURIComponent(pathname.split('/').slice(2).join('/'));
    requests.push(`${request.method} ${key}`);
    const answer = (status: number, body: string | Buffer = '', headers: Record<string, string> = {}) =>
      void response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(body);
    if (state.failWith !== undefined) return answer(state.failWith, '<Error><Code>Broken</Code></Error>');
    if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) return answer(403);
    const body = Buffer.concat(chunks);
    const upload = searchParams.get('uploadId');
    if (request.method === 'GET' && searchParams.get('list-type') === '2') return answer(200, list(searchParams));
    if (request.method === 'POST' && searchParams.has('uploads')) {
      uploads.set(key, new Map());
      return answer(200, `<InitiateMultipartUploadResult><UploadId>${key}</UploadId></InitiateMultipartUploadResult>`);
    }
    if (request.method === 'PUT' && upload !== null) {
      uploads.get(upload)?.set(Number(searchParams.get('partNumber')), body);
      return answer(200, '', { etag: '"part"' });
    }
    if (request.method === 'POST' && upload !== null) {
      const parts = [...(uploads.get(upload) ?? [])].sort(([a], [b]) => a - b);
      objects.set(key, Buffer.concat(parts.map(([, part]) => part)));
      uploads.delete(upload);
      return answer(200, '<CompleteMultipartUploadResult><ETag>"whole"</ETag></CompleteMultipartUploadResult>');
    }
    if (request.method === 'DELETE' && upload !== null) return (uploads.delete(upload), answer(204));
    if (request.method === 'PUT') return (objects.set(key, body), answer(200, '', { etag: '"one"' }));
    if (request.method === 'DELETE') return (objects.delete(key), answer(204));
    const found = objects.get(key);
    if (!found) return answer(404, '<Error><Code>NoSuchKey</Code></Error>');
    return answer(200, found, { 'content-length': String(found.length) });
  }

  function list(query: URLSearchParams): string {
    const [prefix, after] = [query.get('prefix') ?? '', query.get('continuation-token') ?? ''];
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, PAGE).map((key) => {
      const shown = key.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
      return `<Contents><Key>${shown}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>`;
    });
    const more = keys.length > PAGE;
    const next = more ? `<NextContinuationToken>${keys[PAGE - 1]}</NextContinuationToken>` : '';
    return `<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${page.join('')}</ListBucketResult>`;
  }

  return state;
}
