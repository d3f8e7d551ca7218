import { QueryClient } from '@tanstack/react-query';

/** How long an answer counts as fresh, and how often a page that is open asks again, in milliseconds. */
const FRESH = 10_000;
const AGAIN = 30_000;

/**
 * One for the whole app. Nothing is tried again unasked: the pages say what is wrong and offer to, and ask anew by themselves every half
 * minute. Old answers stay in sight meanwhile.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // Grafana may be reached where the browser believes to be offline.
      queries: { retry: false, networkMode: 'always', staleTime: FRESH, refetchInterval: AGAIN },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
