/** Stops a server without cutting off anybody who is being answered. */
import type { FastifyInstance } from 'fastify';

/**
 * Takes no new connection, answers what is under way, ends idle connections; what is still open after `milliseconds` is cut off.
 * @returns whether everybody was answered
 */
export async function drain(app: FastifyInstance, milliseconds: number): Promise<boolean> {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    app.server.closeAllConnections();
  }, milliseconds);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
  return !late;
}
