/** How each program of the stack is started. */
import { join } from 'node:path';
import { PLUGIN_ID, REPOSITORY, type DataFolder } from './data-folder.ts';
import { HOST, type Ports } from './ports.ts';
import type { GrafanaProgram } from './programs.ts';
import type { Secrets } from './secrets.ts';
import type { ServiceSpec } from './service-process.ts';

/** What the services have to know of each other. */
export interface StackSetting {
  readonly folder: DataFolder;
  readonly ports: Ports;
  readonly env: NodeJS.ProcessEnv;
}

/** Where alerts go unless PLUMBLINE_ALERT_EMAIL says otherwise; the mail catcher takes every address. */
export const DEFAULT_ALERT_EMAIL = 'operators@example.com';

/** The address of a service of the stack. */
export function addressOf(ports: Ports, name: 'grafana' | 'prometheus' | 'collector'): string {
  return `http://${HOST}:${ports[name]}`;
}

/**
 * The collector, replaying its demo data for ever.
 * @param secrets what Grafana is given too; without Grafana there are none, and the collector is open to this machine
 */
export function collectorService(
  { folder, ports, env }: StackSetting,
  speed: number,
  secrets: Secrets | undefined,
): ServiceSpec {
  const program = join(REPOSITORY, 'collector/bin/plumbline.mjs');
  const traffic = ['--speed', String(speed), '--repeat'];
  return {
    name: 'The collector',
    command: process.execPath,
    args: [program, 'demo', '--host', HOST, '--port', String(ports.collector), '--data', folder.collector, ...traffic],
    env: { ...env, ...(secrets && collectorAccess(ports, env, secrets)) },
    readyUrl: `${addressOf(ports, 'collector')}/readyz`,
    logFile: join(folder.logs, 'collector.log'),
  };
}

/**
 * What the collector must know of its callers: the tokens of the app and of the alert webhook, and who signs identities. Tokens that
 * PLUMBLINE_TOKENS names already (for a program that sends predictions) stay.
 */
export function collectorAccess(ports: Ports, env: NodeJS.ProcessEnv, secrets: Secrets): Record<string, string> {
  const grafana = addressOf(ports, 'grafana');
  const given = env['PLUMBLINE_TOKENS']?.trim();
  const tokens = [
    ...(given ? [given] : []),
    // The app's tokens are valid for a person alone whose identity Grafana has signed.
    `read+identity:${secrets.PLUMBLINE_READ_TOKEN}`,
    `operate+identity:${secrets.PLUMBLINE_OPERATE_TOKEN}`,
    `admin+identity:${secrets.PLUMBLINE_ADMIN_TOKEN}`,
    `alerts:${secrets.PLUMBLINE_ALERT_TOKEN}`,
  ];
  return {
    PLUMBLINE_TOKENS: tokens.join(','),
    PLUMBLINE_ALERT_HMAC: secrets.PLUMBLINE_ALERT_HMAC,
    GRAFANA_URL: grafana,
    GRAFANA_ISSUER: `${grafana}/`,
    // Prometheus of the stack comes without a token.
    PLUMBLINE_METRICS_TOKEN_REQUIRED: 'false',
  };
}

/** Prometheus with the copied configuration and rules. */
export function prometheusService({ folder, ports, env }: StackSetting, binary: string): ServiceSpec {
  return {
    name: 'Prometheus',
    command: binary,
    args: [
      `--config.file=${join(folder.provisioning, 'prometheus/prometheus.yml')}`,
      `--storage.tsdb.path=${folder.prometheus}`,
      `--web.listen-address=${HOST}:${ports.prometheus}`,
    ],
    env,
    readyUrl: `${addressOf(ports, 'prometheus')}/-/ready`,
    logFile: join(folder.logs, 'prometheus.log'),
  };
}

/** Grafana with the copied provisioning, the built plugin, and mail to the catcher. */
export function grafanaService(setting: StackSetting, grafana: GrafanaProgram, secrets: Secrets): ServiceSpec {
  const { folder, ports, env } = setting;
  return {
    name: 'Grafana',
    command: grafana.binary,
    args: ['server', '--homepath', grafana.home],
    env: {
      ...env,
      ...grafanaSettings(folder, ports),
      ...provisioningVariables(ports, env, secrets),
      // A proxy of the machine must not see what Grafana asks of Prometheus and the collector.
      NO_PROXY: [env['NO_PROXY'], HOST, 'localhost'].filter(Boolean).join(','),
    },
    readyUrl: `${addressOf(ports, 'grafana')}/api/health`,
    logFile: join(folder.logs, 'grafana.log'),
  };
}

/** Every variable that the provisioned files read. */
export function provisioningVariables(ports: Ports, env: NodeJS.ProcessEnv, secrets: Secrets): Record<string, string> {
  return {
    ...secrets,
    PLUMBLINE_PROMETHEUS_URL: addressOf(ports, 'prometheus'),
    PLUMBLINE_COLLECTOR_URL: addressOf(ports, 'collector'),
    PLUMBLINE_ALERT_EMAIL: env['PLUMBLINE_ALERT_EMAIL'] || DEFAULT_ALERT_EMAIL,
  };
}

function grafanaSettings(folder: DataFolder, ports: Ports): Record<string, string> {
  return {
    GF_PATHS_DATA: folder.grafana,
    GF_PATHS_LOGS: folder.logs,
    GF_PATHS_PLUGINS: folder.plugins,
    GF_PATHS_PROVISIONING: folder.provisioning,
    GF_SERVER_HTTP_ADDR: HOST,
    GF_SERVER_HTTP_PORT: String(ports.grafana),
    GF_SERVER_ROOT_URL: `${addressOf(ports, 'grafana')}/`,
    GF_SECURITY_ADMIN_USER: 'admin',
    GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS: PLUGIN_ID,
    GF_SMTP_ENABLED: 'true',
    GF_SMTP_HOST: `${HOST}:${ports.smtp}`,
    // Grafana refuses an address whose domain has no dot.
    GF_SMTP_FROM_ADDRESS: 'plumbline@example.com',
    GF_SMTP_FROM_NAME: 'Plumbline',
    GF_SMTP_STARTTLS_POLICY: 'NoStartTLS',
    GF_LOG_MODE: 'console',
    // The stack works without a network and calls nobody.
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
    GF_ANALYTICS_FEEDBACK_LINKS_ENABLED: 'false',
    GF_NEWS_NEWS_FEED_ENABLED: 'false',
    GF_PLUGINS_PREINSTALL_DISABLED: 'true',
    GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED: 'true',
    GF_SECURITY_DISABLE_GRAVATAR: 'true',
  };
}
