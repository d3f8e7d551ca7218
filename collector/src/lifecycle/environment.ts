/** Which variables of the environment a policy may give on to programs and calls. */

/** Where the service keeps its own secrets; the rest of its environment is the operator's to give. */
const OWN = [/^PLUMBLINE_/i, /^DATABASE_URL$/i, /^GRAFANA_TOKEN$/i];
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** Whether a variable is one of the service's own, which is never given on. */
export function ownVariable(name: string): boolean {
  return OWN.some((pattern) => pattern.test(name));
}

/** What is wrong with the name of a variable in a policy, as the end of a sentence; undefined where nothing is. */
export function variableFault(name: string): string | undefined {
  if (!NAME.test(name)) return 'is not the name of an environment variable';
  return ownVariable(name) ? "is one of the service's own, which is never given on" : undefined;
}
