/** A TCP proxy that can fall silent as a network does that is cut: connections stay open, and no byte comes through. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A running proxy. */
export interface SilentProxy {
  readonly port: number;
  /** From now on nothing is passed on in either direction, also of connections that are made meanwhile. */
  silence(): void;
  /** What is connected now is dropped; new connections work. */
  speak(): void;
  close(): Promise<void>;
}

/** @param target port on the loopback address that it passes everything on to */
export async function startSilentProxy(target: number): Promise<SilentProxy> {
  const sockets = new Set<Socket>();
  let isSilent = false;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => {});
    return socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    if (isSilent) return void client.pause();
    const upstream = keep(connect(target, '127.0.0.1'));
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('data', (bytes) => void (isSilent || to.write(bytes)));
      from.on('close', () => void (isSilent || to.destroy()));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    silence: () => void (isSilent = true),
    speak: () => {
      drop();
      isSilent = false;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      drop();
      await closed;
    },
  };
}
