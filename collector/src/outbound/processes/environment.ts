/** What a program gets of the service's environment: named variables alone, and never a secret of the service. */
import { ownVariable } from '../../lifecycle/environment.ts';

/** Names and values of an environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Given always: to find programs and caches, to print in the right language and time. */
const ALWAYS = ['PATH', 'HOME', 'LANG', 'TZ'];

/** The part of an environment that is given on. Names of the service's own variables are passed over, whoever allowed them. */
export function allowedEnvironment(own: Environment, names: readonly string[]): Record<string, string> {
  const given = [...ALWAYS, ...names.filter((name) => !ownVariable(name))];
  return Object.fromEntries(given.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]])));
}
