/**
 * Writes the recording rules of every window from the templates beside them: one source, so that 5m, 1h and 24h cannot
 * come to differ. Run it after changing a template: `node provisioning/stack/write-rules.ts`. What it writes is
 * committed, because Prometheus reads files and not this program; a test holds the two together.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A window of the recording rules. */
interface RuleWindow {
  readonly name: string;
  readonly twice: string;
  /** How often the rules run: a long window costs more and changes slower. */
  readonly interval: string;
}

const WINDOWS: readonly RuleWindow[] = [
  { name: '5m', twice: '10m', interval: '5s' },
  { name: '1h', twice: '2h', interval: '15s' },
  { name: '24h', twice: '48h', interval: '1m' },
];

const TEMPLATES = fileURLToPath(new URL('../prometheus/templates/', import.meta.url));
const RULES = fileURLToPath(new URL('../prometheus/rules/', import.meta.url));

/** Every generated rule file: its name under `rules/`, and its text. */
export function ruleFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const template of readdirSync(TEMPLATES).sort()) {
    const text = readFileSync(join(TEMPLATES, template), 'utf8');
    for (const window of WINDOWS) {
      files.set(template.replace(/\.yml$/, `-${window.name}.yml`), fill(text, template, window));
    }
  }
  return files;
}

function fill(text: string, template: string, { name, twice, interval }: RuleWindow): string {
  const header = `# Written by provisioning/stack/write-rules.ts from ../templates/${template}; change it there.\n`;
  return header + text.replaceAll('$INTERVAL', interval).replaceAll('$TWICE', twice).replaceAll('$W', name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of ruleFiles()) writeFileSync(join(RULES, name), text);
}
