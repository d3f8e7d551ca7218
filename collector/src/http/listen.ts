/** Makes an app listen, and says in one sentence why it cannot. */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { PlumblineError, systemErrorCode } from '../errors.ts';

/** Where to listen. */
export interface ListenOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/**
 * Listens and returns the base URL, with the port really taken.
 * @throws PlumblineError `port_in_use`; `invalid_configuration` when the host is none of this machine's or the port is reserved
 */
export async function listen(app: FastifyInstance, { host, port }: ListenOptions): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw listenError(error, host, port);
  }
  const address = app.server.address() as AddressInfo;
  return `http://${reachable(host)}:${address.port}`;
}

/** Whether only this machine reaches a host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** A host a browser can open: a wildcard address is all of this machine's, so name the one everybody has. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function listenError(error: unknown, host: string, port: number): unknown {
  const code = systemErrorCode(error);
  const cause = { cause: error };
  if (code === 'EADDRINUSE') {
    const help = 'Choose another with --port, or stop what listens there.';
    return new PlumblineError('port_in_use', `port: ${port} on ${host} is in use.`, help, cause);
  }
  if (code === 'EACCES') {
    const help = 'Choose a port from 1024 on with --port.';
    return new PlumblineError('invalid_configuration', `port: ${port} may not be opened by this user.`, help, cause);
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    const help = 'Use 127.0.0.1 for this machine only, or 0.0.0.0 for its network.';
    return new PlumblineError('invalid_configuration', `host: "${host}" is no address of this machine.`, help, cause);
  }
  return error;
}
