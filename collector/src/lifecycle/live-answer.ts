/** Which version was in production at a time, from the moves that were written down. */
import type { LiveAnswer } from './lifecycle.ts';
import type { LifecycleReading } from './lifecycle-store.ts';

/** At the very time of a move, what came by it is live already. @param at epoch ms */
export async function liveAnswer(store: LifecycleReading, model: string, at: number): Promise<LiveAnswer> {
  const asked = { model, at: new Date(at).toISOString() };
  const arrival = await store.lastArrival(model, at);
  const departure = arrival && (await store.departure(arrival));
  const left = departure?.transition.at ?? null;
  if (arrival && (left === null || Date.parse(left) > at)) {
    const { transition } = arrival;
    return { ...asked, version: transition.version, transition, since: transition.at, until: left };
  }
  const next = await store.nextArrival(model, at);
  return { ...asked, version: null, transition: null, since: left, until: next?.transition.at ?? null };
}
