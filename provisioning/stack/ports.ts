/** Ports on the loopback address. */
import { createServer, type AddressInfo } from 'node:net';
import { StackError } from './errors.ts';
import type { PortName, StackOptions } from './options.ts';

export const HOST = '127.0.0.1';

const USUAL: Readonly<Record<PortName, number>> = { grafana: 3000, prometheus: 9090, collector: 8080, smtp: 1025 };

export type Ports = Readonly<Record<PortName, number>>;

/**
 * A port for each service: the wanted one, else the usual one when it is free, else any free one.
 * @throws StackError (4) when a wanted port is taken
 */
export async function choosePorts(wanted: StackOptions['ports']): Promise<Ports> {
  const taken = new Set<number>();
  const choose = async (name: PortName): Promise<number> => {
    const port = await choosePort(name, wanted[name], taken);
    taken.add(port);
    return port;
  };
  // One after the other, so that no two services are given the same port.
  const collector = await choose('collector');
  const prometheus = await choose('prometheus');
  const grafana = await choose('grafana');
  return { collector, prometheus, grafana, smtp: await choose('smtp') };
}

async function choosePort(name: PortName, wanted: number | undefined, taken: ReadonlySet<number>): Promise<number> {
  if (wanted !== undefined) {
    if (!taken.has(wanted) && (await listenOn(wanted)) !== undefined) return wanted;
    throw new StackError(`Port ${wanted} is in use; choose another with --${name}-port.`, 4);
  }
  const usual = USUAL[name];
  if (!taken.has(usual) && (await listenOn(usual)) !== undefined) return usual;
  const free = await listenOn(0);
  if (free === undefined) throw new StackError('This machine has no free loopback port.');
  return free;
}

/** Listens for a moment; the port it got (0 asks for any), or undefined when it is taken. */
function listenOn(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, HOST, () => {
      const { port: got } = server.address() as AddressInfo;
      server.close(() => resolve(got));
    });
  });
}
