/** Starts the parts, waits until they are ready, and ends them all. */
import { rmSync } from 'node:fs';
import { linkPlugin, prepareDataFolder, writeTargets, type DataFolder } from './data-folder.ts';
import { startMailCatcher, type CaughtMail, type MailCatcher } from './mail-catcher.ts';
import type { StackOptions } from './options.ts';
import { choosePorts, HOST, type Ports } from './ports.ts';
import { findGrafana, findPrometheus } from './programs.ts';
import { startReport, type Running } from './report.ts';
import { readOrMakeSecrets } from './secrets.ts';
import { ServiceProcess, type ServiceSpec } from './service-process.ts';
import { collectorService, grafanaService, prometheusService, type StackSetting } from './services.ts';

/** Where the stack writes what it has to say. */
export type Say = (text: string) => void;

/** All parts of one stack. */
export class Stack {
  readonly #options: StackOptions;
  readonly #say: Say;
  readonly #services: ServiceProcess[] = [];
  #folder: DataFolder | undefined;
  #mail: MailCatcher | undefined;
  #stopping: Promise<void> | undefined;
  #failed = false;

  constructor(options: StackOptions, say: Say) {
    this.#options = options;
    this.#say = say;
  }

  /**
   * Starts everything and resolves when it is ready.
   * @throws StackError when something cannot be started; `stop` then ends what already runs
   */
  async start(env: NodeJS.ProcessEnv): Promise<void> {
    // Everything that can be refused is checked before the first program starts.
    const grafana = findGrafana(this.#options.grafanaHome);
    const prometheus = findPrometheus(env['PATH']);
    const ports = await choosePorts(this.#options.ports);
    const folder = prepareDataFolder(this.#options.data);
    this.#folder = folder;
    const setting: StackSetting = { folder, ports, env };
    writeTargets(folder, `${HOST}:${ports.collector}`);
    const secrets = grafana && readOrMakeSecrets(folder.secretsFile, env);
    const specs = [collectorService(setting, this.#options.speed, secrets)];
    if (prometheus) specs.push(prometheusService(setting, prometheus));
    if (grafana && secrets) {
      linkPlugin(folder);
      specs.push(grafanaService(setting, grafana, secrets));
      await this.#catchMail(ports, folder);
    }
    await this.#run(specs);
    this.#tell({ folder, ports, grafana: grafana !== undefined, prometheus: prometheus !== undefined });
  }

  /** Resolves with the failure when a program ends although nobody asked it to. */
  async brokenOff(): Promise<Error> {
    const service = await Promise.race(this.#services.map((each) => each.ended.then(() => each)));
    // While everything is being stopped, an end is no failure: never resolve.
    if (this.#stopping) return new Promise(() => undefined);
    this.#failed = true;
    return service.failure();
  }

  /** Whether the end was asked for. */
  get stopping(): boolean {
    return this.#stopping !== undefined;
  }

  /** Ends every program and removes a temporary folder, unless its logs are needed to understand a failure. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Something went wrong: a temporary folder stays for its logs. */
  markFailed(): void {
    this.#failed = true;
  }

  async #stop(): Promise<void> {
    await Promise.all(this.#services.map((service) => service.stop()));
    await this.#mail?.close();
    if (this.#folder?.temporary && !this.#failed) rmSync(this.#folder.root, { recursive: true, force: true });
  }

  async #run(specs: readonly ServiceSpec[]): Promise<void> {
    if (this.#stopping) return;
    this.#services.push(...specs.map((spec) => new ServiceProcess(spec)));
    await Promise.all(this.#services.map((service) => service.ready()));
  }

  async #catchMail(ports: Ports, folder: DataFolder): Promise<void> {
    const onMail = ({ to, subject, file }: CaughtMail): void => this.#say(`Mail to ${to}: ${subject}\n  ${file}\n`);
    const onError = (error: Error): void => this.#say(`The mail catcher failed: ${error.message}\n`);
    this.#mail = await startMailCatcher(ports.smtp, folder.mail, onMail, onError);
  }

  #tell(running: Running): void {
    if (!this.#stopping) this.#say(startReport(running));
  }
}
