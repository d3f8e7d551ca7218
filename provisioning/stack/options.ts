/** The command line of `npm run stack`. */
import { Command, InvalidArgumentError, Option } from 'commander';

/** What the user asked for. */
export interface StackOptions {
  /** A Grafana home folder (bin/, conf/, public/); undefined when there is none. */
  readonly grafanaHome: string | undefined;
  /** Where everything is kept; undefined for a temporary folder. */
  readonly data: string | undefined;
  /** Wanted ports; undefined lets the stack choose a free one. */
  readonly ports: Readonly<Record<PortName, number | undefined>>;
  /** Rows a second that the demo replays. */
  readonly speed: number;
}

export type PortName = 'grafana' | 'prometheus' | 'collector' | 'smtp';

interface ParsedOptions {
  grafanaHome?: string;
  data?: string;
  grafanaPort?: number;
  prometheusPort?: number;
  collectorPort?: number;
  smtpPort?: number;
  speed: number;
}

/** Reads the arguments (without `node` and the script); prints help or a usage error and exits with 0 or 2. */
export function parseOptions(args: readonly string[]): StackOptions {
  const program = new Command('npm run stack --')
    .description('Starts the collector with demo traffic, Prometheus, Grafana and a mail catcher on loopback ports.')
    .addOption(new Option('--grafana-home <folder>', 'Grafana 12.4 or newer, unpacked').env('GRAFANA_HOME'))
    .option('--data <folder>', 'keep everything here (default: a temporary folder, removed at the end)')
    .option('--grafana-port <port>', 'default: 3000 when free', parsePort)
    .option('--prometheus-port <port>', 'default: 9090 when free', parsePort)
    .option('--collector-port <port>', 'default: 8080 when free', parsePort)
    .option('--smtp-port <port>', 'of the mail catcher; default: 1025 when free', parsePort)
    .option('--speed <rows>', 'rows a second that the demo replays', parseSpeed, 100)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  const parsed = program.parse([...args], { from: 'user' }).opts<ParsedOptions>();
  return {
    grafanaHome: parsed.grafanaHome === '' ? undefined : parsed.grafanaHome,
    data: parsed.data,
    ports: {
      grafana: parsed.grafanaPort,
      prometheus: parsed.prometheusPort,
      collector: parsed.collectorPort,
      smtp: parsed.smtpPort,
    },
    speed: parsed.speed,
  };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) throw new InvalidArgumentError('A port is 1 to 65535.');
  return port;
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (!Number.isFinite(speed) || speed <= 0) throw new InvalidArgumentError('Rows a second must be above 0.');
  return speed;
}
