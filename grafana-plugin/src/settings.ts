/** What an administrator sets for the app, readable by every user of it. Provisioning writes the same names. */
export interface AppSettings {
  /** Base address of the collector service. */
  collectorUrl?: string;
  /** Uid of the Prometheus data source that holds the models' metrics. */
  prometheusUid?: string;
}

/** The secrets beside them: Grafana's proxy puts each on the route of its name, and tells them to nobody. */
export interface AppTokens {
  readToken: string;
  operateToken: string;
  adminToken: string;
}

/** The data source that Plumbline's provisioning creates. */
export const DEFAULT_PROMETHEUS_UID = 'plumbline-prometheus';

/** The data source to read from; an empty setting counts as none. */
export function prometheusUidOf(settings: AppSettings | undefined): string {
  return settings?.prometheusUid?.trim() || DEFAULT_PROMETHEUS_UID;
}
