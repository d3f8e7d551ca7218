/** What the stack tells the person who started it. */
import type { DataFolder } from './data-folder.ts';
import type { Ports } from './ports.ts';
import { GET_GRAFANA, GET_PROMETHEUS } from './programs.ts';
import { addressOf } from './services.ts';

/** What runs. */
export interface Running {
  readonly folder: DataFolder;
  readonly ports: Ports;
  readonly grafana: boolean;
  readonly prometheus: boolean;
}

/** Addresses, where to look, and what is missing. Secrets are named by their file, never shown. */
export function startReport({ folder, ports, grafana, prometheus }: Running): string {
  const collector = addressOf(ports, 'collector');
  const lines = ['', 'Plumbline is running.', '', `  Collector   ${collector}/metrics`];
  lines.push(
    prometheus ? `  Prometheus  ${addressOf(ports, 'prometheus')}` : `  Prometheus  missing. ${GET_PROMETHEUS}`,
  );
  lines.push(grafana ? `  Grafana     ${addressOf(ports, 'grafana')}` : `  Grafana     missing. ${GET_GRAFANA}`);
  lines.push(`  Logs        ${folder.logs}`);
  if (grafana) lines.push(`  Alert mail  ${folder.mail}`, '', ...whatToLookAt(addressOf(ports, 'grafana'), folder));
  return [...lines, '', 'Stop all of it with Ctrl-C.', ''].join('\n');
}

function whatToLookAt(grafana: string, folder: DataFolder): string[] {
  return [
    `Log in as admin; the password is GF_SECURITY_ADMIN_PASSWORD in ${folder.secretsFile}`,
    `  ${grafana}/a/plumbline-models-app/models`,
    '      the models: accuracy, F1 and drift (choose the window 5m: an hour fills slowly)',
    `  ${grafana}/d/plumbline-overview?var-window=5m`,
    '      the dashboard',
    `  ${grafana}/alerting/list`,
    '      the alert rules; accuracy is below its threshold within two minutes, drift fires after six or so',
  ];
}
