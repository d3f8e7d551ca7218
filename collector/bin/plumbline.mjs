#!/usr/bin/env node
// Starts the command line. Plain JavaScript for any Node from 12 on, so that an old one gets a sentence and not a syntax
// error. In the repository `src/` runs as it is (Node strips the types); an installed package holds `dist/` instead.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const source = here('../src/cli.ts');
const built = here('../dist/cli.js');
// The repository's own Node, a development dependency.
const ownNode = here('../../node_modules/node/bin/node');

async function start() {
  if (existsSync(source) && process.features.typescript) return run(new URL('../src/cli.ts', import.meta.url));
  const supported = major > 22 || (major === 22 && minor >= 15);
  if (supported && existsSync(built)) return run(new URL('../dist/cli.js', import.meta.url));
  if (existsSync(source) && existsSync(ownNode) && process.execPath !== ownNode) return runWith(ownNode);
  const help = supported
    ? 'Build it with "npm run build -w collector", or start it with Node 24.'
    : 'Install Node 22.15 or newer, or run "npm ci" in the repository, which brings one.';
  process.stderr.write(`plumbline: it cannot run on Node ${process.versions.node}. ${help}\n`);
  process.exitCode = 1;
}

// Node 22 calls its SQLite experimental at every start; what is used of it here is tested there. Other warnings pass.
const emitWarning = process.emitWarning;
process.emitWarning = (warning, ...details) => {
  if (!String(warning).startsWith('SQLite is an experimental feature')) emitWarning.call(process, warning, ...details);
};

async function run(url) {
  const { main } = await import(url);
  process.exitCode = await main(process.argv.slice(2));
  // Whatever still waits (a push to a server that is down tries again for long) does not keep a finished command alive.
  setTimeout(() => process.exit(), 500).unref();
}

// Hands over to another Node: signals go on to it, its end is ours, and it does not outlive us.
function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  process.on('exit', () => child.kill());
  child.on('error', (error) => {
    process.stderr.write(`plumbline: ${node} does not start: ${error.message}.\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    for (const name of signals) process.removeAllListeners(name);
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = code;
  });
}

start().catch((error) => {
  process.stderr.write(`plumbline: ${error.stack || error}\n`);
  process.exitCode = 1;
});
