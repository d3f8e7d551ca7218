/** Series as Prometheus stores them, whichever way they came. */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exposition {
  /** By the name of the metric, as its `# TYPE` line says or OTLP does. */
  readonly types: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
}

const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)",?/y;

/** Parses the Prometheus text format, strictly: what does not fit throws. */
export function parseExposition(text: string): Exposition {
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n').filter((item) => item !== '')) {
    const type = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (type) types.set(type[1] as string, type[2] as string);
    else if (!line.startsWith('#')) samples.push(parseSample(line));
  }
  return { types, samples };
}

function parseSample(line: string): Sample {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0] ?? '';
  const labels: Record<string, string> = {};
  let position = name.length;
  if (line[position] === '{') {
    LABEL.lastIndex = position + 1;
    for (let found = LABEL.exec(line); found; found = LABEL.exec(line)) {
      labels[found[1] as string] = unescape(found[2] as string);
      position = LABEL.lastIndex;
    }
    if (line[position] !== '}') throw new Error(`not a sample: ${line}`);
    position++;
  }
  const value = /^ ([0-9.eE+-]+|NaN|[+-]Inf)(?: \d+)?$/.exec(line.slice(position))?.[1];
  if (name === '' || value === undefined) throw new Error(`not a sample: ${line}`);
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) };
}

function unescape(text: string): string {
  return text.replace(/\\(["\\n])/g, (_whole, character: string) => (character === 'n' ? '\n' : character));
}

/** A series as one text, to compare sets of them. */
export function seriesKey({ name, labels }: Sample): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${name}${JSON.stringify(pairs)}`;
}
