/** Words of explanations. */
import { counted, type Sample } from './groups.ts';
import type { Group } from './tail.ts';
import { STOP_WORDS } from './stop-words.ts';

/** A word, and the predictions in whose explanation it stands. */
export interface WordGroup extends Group {
  readonly word: string;
}

/** A word that stands in fewer explanations is not shown: a name or an address, which one user wrote, is none that many share. */
export const LEAST_EXPLANATIONS = 10;
/** Words looked at, the most frequent ones. */
const MAX_WORDS = 500;
/** Letters, with marks and apostrophes inside; nothing with a digit in it, which may be a number of somebody. */
const WORD = /(?<![\p{L}\p{N}_@.])\p{L}[\p{L}\p{M}]*(?:['’-]\p{L}[\p{L}\p{M}]*)*(?![\p{N}_@]|\.\p{L})/gu;
const LENGTHS = { least: 3, most: 32 };

/** Words of those that are explained, each counted once an explanation, the most frequent first. */
export function byWord(samples: readonly Sample[]): { readonly explained: Group; readonly words: WordGroup[] } {
  const members = new Map<string, Sample[]>();
  const explained = samples.filter(({ explanation }) => explanation !== null);
  for (const sample of explained)
    for (const word of wordsOf(sample.explanation ?? '')) {
      const known = members.get(word);
      if (known) known.push(sample);
      else members.set(word, [sample]);
    }
  const words = [...members]
    .map(([word, found]): WordGroup => ({ word, ...counted(found) }))
    .filter(({ n }) => n >= LEAST_EXPLANATIONS)
    .sort((a, b) => b.n - a.n || (a.word < b.word ? -1 : 1))
    .slice(0, MAX_WORDS);
  return { explained: counted(explained), words };
}

/** Different words of a text, without those that stand in every text. */
export function wordsOf(text: string): Set<string> {
  const words = (text.normalize('NFKC').toLowerCase().match(WORD) ?? []).map((word) => word.replaceAll('’', "'"));
  return new Set(
    words.filter((word) => word.length >= LENGTHS.least && word.length <= LENGTHS.most && !STOP_WORDS.has(word)),
  );
}
