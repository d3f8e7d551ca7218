/** The instrumentation scope of every metric we make. */
export const SCOPE = { name: 'plumbline' } as const;
