import pluginJson from './plugin.json';

/** Where Grafana serves the app. */
export const APP_URL = `/a/${pluginJson.id}`;

/** The page that lists all models. */
export const MODELS_URL = `${APP_URL}/models`;

/** The page that lists the runbooks. */
export const RUNBOOKS_URL = `${APP_URL}/runbooks`;

/** The address of an alert rule's runbook; provisioned rules carry it as `runbook_url`. */
export function runbookUrl(rule: string): string {
  return `${RUNBOOKS_URL}/${rule}`;
}

/** What a link inside the app carries along: the time range, how often it refreshes, and the window. */
export const KEPT_URL_KEYS = ['from', 'to', 'timezone', 'refresh', 'var-window'];

/**
 * A model's name as one segment of a path. Besides the usual encoding, `%` and names of dots only are written with `~`:
 * Grafana's router decodes a path once or twice depending on how one arrives, and browsers resolve `.` and `..`.
 */
export function encodeModelName(model: string): string {
  const safe = model.replaceAll('~', '~7E').replaceAll('%', '~25');
  return encodeURIComponent(/^\.+$/.test(safe) ? safe.replaceAll('.', '~2E') : safe);
}

/** The model's name from a path segment the router has already decoded. */
export function decodeModelName(segment: string): string {
  return segment.replaceAll('~2E', '.').replaceAll('~25', '%').replaceAll('~7E', '~');
}

/** The address of a model's page. */
export function modelUrl(model: string): string {
  return `${MODELS_URL}/${encodeModelName(model)}`;
}

/** The address of one version on its model's page, keeping time range and window of the current address. */
export function versionUrl(model: string, version: string, currentSearch: string): string {
  const current = new URLSearchParams(currentSearch);
  const kept = new URLSearchParams();
  for (const key of KEPT_URL_KEYS) {
    const value = current.get(key);
    if (value !== null) {
      kept.set(key, value);
    }
  }
  kept.set('var-version', version);
  return `${modelUrl(model)}?${kept.toString()}`;
}
