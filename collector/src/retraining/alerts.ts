/** Which alerts of a webhook of Grafana ask for a run, and which are passed over, and why: pure. */

/** An alert that asks for a run. */
export interface WantedRun {
  readonly model: string;
  /** Organisation, fingerprint and start: the same in every repeat of one alert. */
  readonly key: string;
  readonly fingerprint: string;
  /** What it says. */
  readonly reason: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** An alert that is passed over. */
export interface IgnoredAlert {
  readonly fingerprint: string | null;
  readonly model: string | null;
  readonly reason: string;
}

/** What a webhook holds. */
export interface SortedAlerts {
  readonly wanted: readonly WantedRun[];
  readonly ignored: readonly IgnoredAlert[];
}

const MAX_ALERTS = 1_000;
const MAX_REASON = 1_000;
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,127}$/;

type Fields = Readonly<Record<string, unknown>>;

/** Sorts the alerts of a body as Grafana sends it; anything else holds none. */
export function sortAlerts(body: unknown): SortedAlerts {
  const alerts = isFields(body) ? body['alerts'] : undefined;
  if (!isFields(body) || !Array.isArray(alerts) || alerts.length === 0)
    return { wanted: [], ignored: [ignored(undefined, 'The body holds no alerts as Grafana sends them.')] };
  const sorted = alerts.slice(0, MAX_ALERTS).map((alert: unknown) => sortAlert(alert, body['orgId']));
  const wanted = sorted.filter((one) => 'key' in one);
  return { wanted, ignored: sorted.filter((one): one is IgnoredAlert => !('key' in one)) };
}

function sortAlert(alert: unknown, groupOrg: unknown): WantedRun | IgnoredAlert {
  if (!isFields(alert)) return ignored(undefined, 'It is no alert.');
  const labels = texts(alert['labels']);
  const { model, action, alertname } = labels;
  if (alert['status'] !== 'firing') return ignored(alert, `It is ${shown(alert['status'])}, not firing.`);
  if (alertname === 'DatasourceNoData' || alertname === 'DatasourceError')
    return ignored(alert, `${alertname} says nothing about the model.`);
  if (action !== 'retrain') return ignored(alert, 'It has no label action=retrain.');
  if (model === undefined || !NAME.test(model)) return ignored(alert, 'Its label model names no model.');
  const [fingerprint, startsAt, orgId] = [alert['fingerprint'], alert['startsAt'], alert['orgId'] ?? groupOrg];
  if (typeof fingerprint !== 'string' || typeof startsAt !== 'string' || typeof orgId !== 'number')
    return ignored(alert, 'It has no fingerprint, startsAt or orgId.');
  const summary = texts(alert['annotations'])['summary'];
  const reason = `Alert ${alertname ?? fingerprint}${summary === undefined ? '' : `: ${summary}`}`.slice(0, MAX_REASON);
  return { model, fingerprint, reason, labels, key: JSON.stringify([orgId, fingerprint, startsAt]).slice(0, 500) };
}

function ignored(alert: Fields | undefined, reason: string): IgnoredAlert {
  const fingerprint = alert?.['fingerprint'];
  return {
    fingerprint: typeof fingerprint === 'string' ? fingerprint.slice(0, 200) : null,
    model: texts(alert?.['labels'])['model']?.slice(0, 200) ?? null,
    reason,
  };
}

function texts(value: unknown): Readonly<Record<string, string>> {
  if (!isFields(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return JSON.stringify(value ?? null).slice(0, 40);
}
