/** The chain finds every entry that was changed, left out, moved or put in. */
import fc from 'fast-check';
import type { AuditRecord, Json } from '../../../collector/src/audit/audit-event.ts';
import { ChainCheck, EMPTY_CHAIN, entryHash, GENESIS } from '../../../collector/src/audit/chain.ts';
import { ANNA } from '../registry/support/control.ts';

function chain(after: readonly Json[]): AuditRecord[] {
  let hash = GENESIS;
  return after.map((value, index) => {
    const record: AuditRecord = {
      ...{ seq: index + 1, time: '2026-01-01T00:00:00.000Z', hash: '', action: 'version.saved', actor: ANNA },
      ...{ model: 'churn', subject: '1', reason: null, evidence: null, before: null, after: value, requestId: null },
    };
    hash = entryHash(record, hash);
    return { ...record, hash };
  });
}

function problems(records: readonly AuditRecord[], head: { seq: number; hash: string } | undefined = records.at(-1)) {
  const check = new ChainCheck();
  for (const record of records) check.next(record);
  check.finish(head ?? EMPTY_CHAIN);
  return check.problems.map(({ seq }) => seq);
}

test('an empty log is sound; the first hash is pinned', () => {
  expect(problems([])).toEqual([]);
  // SHA-256 of the canonical JSON by hand, in Python: hashlib.sha256(json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()).
  expect(chain([{ digest: 'd' }])[0]?.hash).toBe('2c8fa67a4fbccec440fc4e128b12c04a4ae247c3c02f80795121d11f1434c147');
});

const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;
const logs = fc.array(json, { minLength: 3, maxLength: 12 }).map(chain);

test('any log is sound as it was written, after it went through JSON too', () => {
  fc.assert(
    fc.property(logs, (records) => {
      expect(problems(records)).toEqual([]);
      expect(problems(JSON.parse(JSON.stringify(records)) as AuditRecord[])).toEqual([]);
    }),
  );
});

describe('a change is found', () => {
  const at = fc.nat();
  const pick = (records: readonly AuditRecord[], where: number) => where % records.length;

  test('in any field of any entry', () => {
    const fields = ['time', 'action', 'actor', 'model', 'subject', 'reason', 'evidence', 'before', 'after'] as const;
    fc.assert(
      fc.property(logs, at, fc.constantFrom(...fields, 'requestId' as const), (records, where, field) => {
        const index = pick(records, where);
        const changed = records.map((record, i) => (i === index ? { ...record, [field]: 'something else' } : record));
        expect(problems(changed)).toEqual([index + 1]);
      }),
    );
  });

  test('with a hash made anew: then at the entry after it, or at the recorded end', () => {
    fc.assert(
      fc.property(logs, at, (records, where) => {
        const index = pick(records, where);
        const record = { ...(records[index] as AuditRecord), reason: 'forged' };
        const forged = { ...record, hash: entryHash(record, records[index - 1]?.hash ?? GENESIS) };
        const changed = records.map((one, i) => (i === index ? forged : one));
        expect(problems(changed, records.at(-1))).toEqual([Math.min(index + 2, records.length)]);
      }),
    );
  });

  test('a missing entry, anywhere', () => {
    fc.assert(
      fc.property(logs, at, (records, where) => {
        const index = pick(records, where);
        const cut = records.filter((_, i) => i !== index);
        expect(problems(cut, records.at(-1))).toEqual([index + 1]);
      }),
    );
  });

  test('entries cut off the end, as long as the recorded end is not changed too', () => {
    fc.assert(
      fc.property(logs, fc.integer({ min: 1, max: 3 }), (records, count) => {
        expect(problems(records.slice(0, -count), records.at(-1))).toEqual([records.length - count + 1]);
        expect(problems(records.slice(0, -count))).toEqual([]); // what only a head kept elsewhere shows
      }),
    );
  });

  test('entries that changed places, or are there twice', () => {
    fc.assert(
      fc.property(logs, at, (records, where) => {
        const index = Math.min(pick(records, where), records.length - 2);
        const swapped = [...records];
        [swapped[index], swapped[index + 1]] = [swapped[index + 1] as AuditRecord, swapped[index] as AuditRecord];
        expect(problems(swapped, records.at(-1)).length).toBeGreaterThan(0);
        const twice = records.toSpliced(index, 0, records[index] as AuditRecord);
        expect(problems(twice, records.at(-1)).length).toBeGreaterThan(0);
      }),
    );
  });

  test('a record of the end that is gone', () => {
    const check = new ChainCheck();
    for (const record of chain([1, 2])) check.next(record);
    check.finish(undefined);
    expect(check.problems).toHaveLength(1);
  });
});
