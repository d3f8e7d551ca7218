/** What feedback promises of its store, on both engines: once, durably, in the queue, and gone when retention says so. */
import { FeedbackDesk } from '../collector/feedback/support/desk.ts';
import { DAY, declare, START } from '../collector/labels/support/replica.ts';
import { ENGINES, useEngines } from '../support/engines.ts';

const engines = useEngines();
const CLASSES = { task: 'classification', classes: ['yes', 'no'] } as const;

describe.each(ENGINES)('%s', (engine) => {
  const given = engines.testOn(engine);
  const desks = async (declaration: Parameters<typeof declare>[1] = CLASSES) => {
    const database = await engines.database(engine);
    await declare(database, declaration);
    return { database, a: new FeedbackDesk(database), b: new FeedbackDesk(database, 'b') };
  };

  given('an item is stored and counted once, however often and wherever it is sent', async () => {
    const { a, b } = await desks();
    await a.predict(['p1', 'p2']);
    const rows = [
      { id: 'p1', correct: true, timestamp: 5 },
      {
        id: 'p2',
        correct: false,
        correctedLabel: 'no',
        explanation: 'no way',
        annotator: { kind: 'human', name: 'ada' },
      },
      { id: 'p1', correct: true, timestamp: 5 },
    ];
    const first = await a.take(rows);
    expect(first).toEqual({ accepted: 3, ids: [first.ids[0], first.ids[1], first.ids[0]], rejected: [] });
    expect(await b.take(rows)).toEqual(first);
    expect(await a.items()).toMatchObject([
      { id: first.ids[0], predictionId: 'p1', version: '1', prediction: 'yes', correct: true, status: 'pending' },
      {
        correct: false,
        correctedLabel: 'no',
        explanation: 'no way',
        annotator: { kind: 'human', name: 'ada' },
        label: null,
      },
    ]);
    expect([a.counted(), b.counted()]).toEqual([
      [1, 1],
      [0, 0],
    ]);
    expect(await a.take([{ id: 'p1', correct: true, timestamp: 6 }])).toMatchObject({ accepted: 1 });
    expect(await a.items()).toHaveLength(3);
  });

  given('at once on two replicas, an item is made and counted once', async () => {
    const { a, b } = await desks();
    await a.predict(['p1']);
    const rows = Array.from({ length: 40 }, (_, row) => ({
      id: 'p1',
      correct: row % 2 === 0,
      identifier: `i${row % 10}`,
    }));
    const all = [];
    for (let round = 0; round < 5; round++) all.push(a.take(rows.slice(0, 10)), b.take(rows.slice(0, 10)));
    await Promise.all(all);
    expect(await a.items()).toHaveLength(10);
    expect([a.counted()[0] + b.counted()[0], a.counted()[1] + b.counted()[1]]).toEqual([5, 5]);
  });

  given('of one identifier the later row replaces the earlier one, and what was counted is taken back', async () => {
    const { a } = await desks();
    await a.predict(['p1', 'p2']);
    const { ids } = await a.take([{ id: 'p1', correct: true, identifier: 'ui', timestamp: 10 }]);
    const later = { id: 'p1', correct: false, correctedLabel: 'no', identifier: 'ui', timestamp: 20, score: 2 };
    expect((await a.take([later])).ids).toEqual(ids);
    expect(await a.items()).toMatchObject([{ correct: false, correctedLabel: 'no', score: 2 }]);
    expect(a.counted()).toEqual([0, 1]);
    // An earlier one that comes late is taken, and changes nothing.
    expect(await a.take([{ id: 'p1', correct: true, identifier: 'ui', timestamp: 15 }])).toMatchObject({ accepted: 1 });
    // One of another prediction is another item.
    await a.take([{ id: 'p2', correct: true, identifier: 'ui', timestamp: 15 }]);
    expect(await a.items()).toMatchObject([{ score: 2 }, { predictionId: 'p2' }]);
    // Within one batch too.
    await a.take([
      { id: 'p2', correct: true, identifier: 'x', timestamp: 1 },
      { id: 'p2', correct: false, identifier: 'x', timestamp: 2 },
    ]);
    expect((await a.items())[2]).toMatchObject({ identifier: 'x', correct: false });
    expect(a.counted()).toEqual([1, 2]);
  });

  given('a decision is of what was decided on: an item that is replaced is pending again', async () => {
    const { a } = await desks();
    await a.predict(['p1']);
    const { ids } = await a.take([{ id: 'p1', correct: false, correctedLabel: 'no', identifier: 'ui', timestamp: 10 }]);
    await a.review(ids[0] as string, { decision: 'accepted' });
    expect(await a.store.accepted('churn', undefined)).toBe(1);
    await a.take([{ id: 'p1', correct: true, identifier: 'ui', timestamp: 20 }]);
    expect(await a.items()).toMatchObject([{ status: 'pending', label: null, review: null }]);
    expect(await a.store.accepted('churn', undefined)).toBe(0);
  });

  given('rows that cannot be taken are named, and do not lose the others', async () => {
    const { a } = await desks();
    await a.predict(['p1']);
    const rows = [
      { id: 'p1', correct: true, correctedLabel: 'no' },
      { id: 'p1', correct: false, correctedLabel: 'yes' },
      { id: 'p1' },
      { correct: true },
      { id: 'p1', correct: true, annotator: 'cat' },
      { id: 'p1', correct: false, correctedLabel: ['no'] },
      { id: 'p1', correct: true, timestamp: 'soon' },
      { id: 'p1', correct: true, input: 'x'.repeat(20_000) },
      { model: 'nobody', id: 'p1', correct: true },
      { id: 'p1', correct: true },
    ];
    const { accepted, rejected } = await a.take(rows);
    expect(accepted).toBe(1);
    expect(rejected.map(({ index, code, message }) => [index, code, message.split(':')[0]])).toEqual([
      [0, 'contradictory_feedback', 'correctedLabel'],
      [1, 'contradictory_feedback', 'correctedLabel'],
      [2, 'invalid_feedback', 'correct'],
      [3, 'invalid_id', 'id'],
      [4, 'invalid_feedback', 'annotator'],
      [5, 'invalid_label', 'correctedLabel'],
      [6, 'invalid_timestamp', 'timestamp'],
      [7, 'invalid_feedback', 'input'],
      [8, 'unknown_model', 'model'],
    ]);
    expect(a.replica.value('rejected', { reason: 'invalid_feedback' })).toBe(5);
    expect(a.counted()).toEqual([1, 0]);
  });

  given('a batch that was cut off in the middle is sent again, and every item of it counts once', async () => {
    const { database, a } = await desks();
    let commits = 0;
    const broken = new FeedbackDesk(database, 'c', (store) => ({
      ...store,
      commit: (rows, now) => (++commits === 2 ? Promise.reject(new Error('cut off')) : store.commit(rows, now)),
    }));
    const rows = Array.from({ length: 2_500 }, (_, row) => ({ id: `p${row}`, correct: true }));
    await expect(broken.take(rows)).rejects.toThrow('cut off');
    expect(await a.take(rows)).toMatchObject({ accepted: 2_500, rejected: [] });
    expect([broken.counted()[0], a.counted()[0]]).toEqual([1_000, 1_500]);
    expect(await database.db.selectFrom('feedback').select('key').execute()).toHaveLength(2_500);
  });

  given('the queue by pages, either way, whole also while it grows', async () => {
    const { a } = await desks();
    const ids = Array.from({ length: 7 }, (_, row) => `p${row}`);
    await a.take(ids.map((id) => ({ id, correct: true })));
    const walk = async (order: 'newest' | 'oldest') => {
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await a.feedback.list('churn', { order, limit: 3, ...(after !== undefined && { after }) });
        seen.push(...page.items.map(({ predictionId }) => predictionId));
        after = page.next ?? undefined;
        if (seen.length === 3 && order === 'newest') await a.take([{ id: 'more', correct: true }]);
      } while (after !== undefined);
      return seen;
    };
    expect(await walk('newest')).toEqual(ids.toReversed());
    expect(await walk('oldest')).toEqual([...ids, 'more']);
    expect(await a.items({ status: 'accepted' })).toEqual([]);
  });

  given('what is declared of features holds for what the user gave', async () => {
    const { database, a } = await desks({ ...CLASSES, features: { name: { pii: 'drop' }, zip: { pii: 'hash' } } });
    await a.take([{ id: 'p', correct: true, input: { name: 'Ada', zip: 'W1A', age: 1 } }]);
    expect(await a.items()).toMatchObject([{ input: { zip: expect.stringMatching(/^[0-9a-f]{16}$/), age: 1 } }]);
    await declare(database, { storeFeatures: false }, { model: 'bare' });
    await a.take([{ model: 'bare', id: 'p', correct: true, input: { age: 1 }, explanation: 'kept' }]);
    const bare = await a.feedback.list('bare', { order: 'newest', limit: 1 });
    expect(bare.items).toMatchObject([{ input: null, explanation: 'kept' }]);
  });

  given('texts of every kind come back as they were, NUL apart', async () => {
    const { a } = await desks();
    const explanation = `'; drop table feedback; -- "ü" 🎈 \u202e`;
    await a.take([
      { id: 'ü"\'', correct: true, explanation: `${explanation}\u0000\ud800`, input: { '\u0000': '\u0000 \ud800' } },
    ]);
    expect(await a.items()).toMatchObject([
      { predictionId: 'ü"\'', explanation: `${explanation}\ufffd\ufffd`, input: { '\u0000': '\u0000 \ud800' } },
    ]);
  });

  given('it goes when the retention of its model says so, all of it', async () => {
    const { database, a } = await desks({ ...CLASSES, policy: { retentionDays: 40 } });
    await declare(database, {}, { model: 'other' });
    await a.take([{ id: 'old', correct: true, explanation: 'secret' }]);
    await a.take([{ model: 'other', id: 'old', correct: true }]);
    a.replica.now = START + 35 * DAY;
    await a.take([{ id: 'young', correct: true }]);
    await a.store.retire(START + 41 * DAY);
    expect(await a.items()).toMatchObject([{ predictionId: 'young' }]);
    expect(await database.db.selectFrom('feedback').select('prediction_id').execute()).toHaveLength(2);
  });
});
