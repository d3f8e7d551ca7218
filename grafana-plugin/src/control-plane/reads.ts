import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { call, type Call } from './client';
import { keys } from './keys';
import type { Problem } from './problem';
import type { AuditRecord, Comparison, Gates, Model, Page, Policy, Stage, Transition, Version } from './types';

type Read = Pick<Call, 'path' | 'query'>;

/** An answer under a name; it is asked for again by itself while somebody looks at it. */
export function useRead<Answer>(queryKey: readonly string[], read: Read, enabled = true) {
  return useQuery<Answer, Problem>({
    queryKey,
    queryFn: ({ signal }) => call<Answer>({ privilege: 'read', method: 'GET', ...read, signal }),
    enabled,
  });
}

/** A list that comes in parts; `data` holds all that has been fetched so far. */
export function useList<Item>(queryKey: readonly string[], { path, query }: Read) {
  return useInfiniteQuery<Page<Item>, Problem, Item[], readonly string[], string | undefined>({
    queryKey,
    queryFn: ({ signal, pageParam }) =>
      call<Page<Item>>({ privilege: 'read', method: 'GET', path, query: { ...query, cursor: pageParam }, signal }),
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  });
}

/** What the collector knows of a model. */
export function useModel(model: string) {
  return useRead<Model>(keys.model(model), { path: ['models', model] });
}

/** The versions of a model, in the collector's order; their profiles are left out. */
export function useVersions(model: string) {
  return useList<Version>(keys.versions(model), { path: ['models', model, 'versions'], query: { limit: 200 } });
}

/** One version with everything known of it. */
export function useVersion(model: string, version: string) {
  return useRead<Version>(keys.version(model, version), { path: ['models', model, 'versions', version] });
}

/** How two versions differ. */
export function useComparison(model: string, a: string, b: string) {
  const read = { path: ['models', model, 'versions', 'compare'], query: { a, b } };
  return useRead<Comparison>(keys.comparison(model, a, b), read);
}

/** What the gates of a move would say now; nothing is changed by asking. */
export function useGates(model: string, version: string, to: Stage) {
  const read = { path: ['models', model, 'versions', version, 'gates'], query: { to } };
  return useRead<Gates>(keys.gates(model, version, to), read);
}

/** The model's moves between stages, newest first. */
export function useTransitions(model: string) {
  return useList<Transition>(keys.transitions(model), {
    path: ['models', model, 'transitions'],
    query: { limit: 500 },
  });
}

/** The model's policy as it is now. */
export function usePolicy(model: string) {
  return useRead<Policy>(keys.policy(model), { path: ['models', model, 'policy'] });
}

/** Who did what with the model, newest first; an empty `action` asks for all. */
export function useAudit(model: string, action: string) {
  const query = { model, action: action === '' ? undefined : action, limit: 50 };
  return useList<AuditRecord>(keys.audit(model, action), { path: ['audit'], query });
}
