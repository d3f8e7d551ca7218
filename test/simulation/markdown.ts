/** Markdown tables, and the place in a file where a command writes them. */
import { readFileSync, writeFileSync } from 'node:fs';

/** A table; the first column is left-aligned, the others right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = line(head.map((_, column) => (column === 0 ? '---' : '---:')));
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** A share as per cent with its Monte-Carlo standard error in mind: two digits. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 2 : 1)} %`;
}

/** The text between `<!-- name -->` and `<!-- /name -->` replaced. @throws Error when the markers are not there */
export function placeBetween(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`no ${start} … ${end}`);
  return `${text.slice(0, from + start.length)}\n\n${content.trim()}\n\n${text.slice(to)}`;
}

/** Writes content between the markers of a file, or to the terminal where no file is given. */
export function publish(file: string | undefined, name: string, content: string): void {
  if (file === undefined) process.stdout.write(`${content}\n`);
  else writeFileSync(file, placeBetween(readFileSync(file, 'utf8'), name, content));
}
