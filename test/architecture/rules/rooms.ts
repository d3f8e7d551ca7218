/** Which room may see which (DESIGN §3): a file imports from its own room, an earlier one, or the shared words. */
import { importsOf, resolveImport, type Sources } from '../support/sources.ts';

const MEASURE = ['distribution', 'performance', 'drift', 'experiments', 'joining'] as const;
const SDK = ['telemetry', 'monitor', 'remote', 'client'] as const;
const CONTROL = ['audit', 'labels', 'registry', 'lifecycle', 'feedback', 'assignments', 'retraining'] as const;
const EDGES = ['storage', 'outbound', 'http', 'demo'] as const;

/** All rooms, earlier before later. */
export const ROOMS: readonly string[] = [...MEASURE, ...SDK, ...CONTROL, ...EDGES];
/** Rooms in which time, randomness and I/O are arguments. */
export const PURE_ROOMS: readonly string[] = [...MEASURE, ...CONTROL];
/** What every file may import. */
export const WORDS: readonly string[] = ['errors.ts', 'prediction.ts'];

const STRANGERS: readonly (readonly [string, string])[] = [
  ['http', 'storage'],
  ['storage', 'http'],
];
/** The public surface of the SDK, and the rooms it is made of. */
const ENTRY = 'index.ts';
const SDK_ROOMS: readonly string[] = [...MEASURE, ...SDK];
/** Files that compose and see all. */
const COMPOSERS: readonly string[] = [
  ...['service.ts', 'service-rooms.ts', 'service-assignments.ts', 'service-feedback.ts'],
  ...['service-loop.ts', 'service-news.ts', 'service-evaluations.ts', 'service-retraining.ts', 'cli.ts'],
];

/** The room of a file: its folder, or undefined for a file that stands at the top. */
export function roomOf(path: string): string | undefined {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : undefined;
}

/** Imports that go against the order of the rooms. */
export function importsAgainstOrder(sources: Sources): string[] {
  return [...sources].flatMap(([from, file]) =>
    importsOf(file)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .flatMap(({ specifier, line }) => {
        const to = resolveImport(sources, from, specifier);
        if (to === undefined) return [`${from}:${line} imports ${specifier}, which is no source file`];
        return maySee(from, to) ? [] : [`${from}:${line} imports ${to}`];
      }),
  );
}

/** Rooms nobody gave a place in the order. */
export function unknownRooms(sources: Sources): string[] {
  const rooms = [...sources.keys()].map(roomOf).filter((room) => room !== undefined);
  return [...new Set(rooms)].filter((room) => !ROOMS.includes(room));
}

function maySee(from: string, to: string): boolean {
  if (WORDS.includes(to)) return true;
  if (WORDS.includes(from)) return false;
  if (COMPOSERS.includes(from)) return true;
  const [room, target] = [roomOf(from), roomOf(to)];
  // The demo is a user of the SDK like any other, so it sees what users see.
  if (to === ENTRY) return room === 'demo';
  if (target === undefined) return false;
  if (room === undefined) return from === ENTRY && SDK_ROOMS.includes(target);
  if (STRANGERS.some(([a, b]) => a === room && b === target)) return false;
  return ROOMS.includes(target) && ROOMS.indexOf(target) <= ROOMS.indexOf(room);
}
