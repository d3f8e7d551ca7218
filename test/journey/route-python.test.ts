/** The Python of SERVICE.md routes as we do: run as it stands there, against the golden vectors. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { allocate, bucketOf, BUCKETS, versionAt } from '../../collector/src/experiments/allocation.ts';
import { findTool } from '../support/tools.ts';

const python = findTool('python3');
const guide = readFileSync(new URL('../../collector/SERVICE.md', import.meta.url), 'utf8');
const golden = JSON.parse(readFileSync(new URL('../golden/experiments/assignment.json', import.meta.url), 'utf8')) as {
  readonly hash: readonly { readonly text: string; readonly hash: number }[];
};

(python ? test : test.skip)('SERVICE.md: hash and version of keys', () => {
  const [, source = ''] = /```python\n(def murmur3[\s\S]*?)```/.exec(guide) ?? [];
  const shares = ['1', '2', '3'].map((version, index) => ({ version, weight: index + 1 }));
  const item = { salt: '66a78fd4f30fd0ff', buckets: BUCKETS, allocation: allocate(shares) };
  const keys = ['', 'user-17', 'ü', '日本語', '😀', ...Array.from({ length: 500 }, (_, index) => `key ${index}`)];
  const input = JSON.stringify({ texts: golden.hash.map(({ text }) => text), keys, item });
  const tail = `
import json, sys
given = json.load(sys.stdin)
print(json.dumps([[murmur3(t.encode()) for t in given["texts"]], [route(k, given["item"]) for k in given["keys"]]]))
`;
  const answer = execFileSync(python as string, ['-c', source + tail], { input, encoding: 'utf8' });
  expect(JSON.parse(answer)).toEqual([
    golden.hash.map(({ hash }) => hash),
    keys.map((key) => versionAt(item.allocation, bucketOf(key, item.salt))),
  ]);
});
