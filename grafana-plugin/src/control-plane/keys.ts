/** The names answers are kept under. A key begins with what it is about, so that an action can call everything about a model stale. */
export const keys = {
  model: (model: string) => ['model', model] as const,
  versions: (model: string) => ['model', model, 'versions'] as const,
  version: (model: string, version: string) => ['model', model, 'version', version] as const,
  comparison: (model: string, a: string, b: string) => ['model', model, 'comparison', a, b] as const,
  gates: (model: string, version: string, to: string) => ['model', model, 'gates', version, to] as const,
  transitions: (model: string) => ['model', model, 'transitions'] as const,
  policy: (model: string) => ['model', model, 'policy'] as const,
  audit: (model: string, action: string) => ['model', model, 'audit', action] as const,
};
