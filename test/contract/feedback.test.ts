/** What feedback promises of its store, on both engines: once, durably, in the queue, and accepted as a label. */
import { ACT, FeedbackDesk } from '../collector/feedback/support/desk.ts';
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

  given('feedback may come before its prediction: it waits for it, and is reviewed once it is there', async () => {
    const { a } = await desks();
    const { ids } = await a.take([{ id: 'later', correct: false, correctedLabel: 'no' }]);
    expect(await a.items()).toMatchObject([{ version: null, prediction: null }]);
    expect(a.counted()).toEqual([0, 1]);
    await expect(a.review(ids[0] as string, { decision: 'accepted' })).rejects.toMatchObject({ code: 'conflict' });
    await a.predict(['later']);
    expect(await a.review(ids[0] as string, { decision: 'accepted' })).toMatchObject({
      status: 'accepted',
      label: 'no',
    });
    // What contradicts the prediction that came is found then.
    const odd = await a.take([{ id: 'last', correct: true, correctedLabel: 'no' }]);
    await a.predict(['last']);
    await expect(a.review(odd.ids[0] as string, { decision: 'accepted' })).rejects.toThrow('was right');
  });

  given('what is accepted is the label, by the road of all labels', async () => {
    const { a } = await desks();
    await a.predict(['p1', 'p2', 'p3', 'p4']);
    await a.replica.service.labels([{ model: 'churn', id: 'p3', label: 'yes' }]);
    const { ids } = await a.take([
      { id: 'p1', correct: false, correctedLabel: 'no', input: { text: 'secret' }, explanation: 'secret' },
      { id: 'p2', correct: true },
      { id: 'p3', correct: false, correctedLabel: 'no' },
      { id: 'p4', correct: false },
    ]);
    const [p1 = '', p2 = '', p3 = '', p4 = ''] = ids;
    const decided = await a.review(p1, { decision: 'accepted', reason: 'seen' });
    expect(decided).toMatchObject({
      status: 'accepted',
      label: 'no',
      review: { actor: { name: 'anna' }, reason: 'seen' },
    });
    await a.review(p2, { decision: 'accepted' });
    await a.review(p3, { decision: 'accepted' });
    await expect(a.review(p4, { decision: 'accepted' })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('correctedLabel: is missing'),
    });
    await a.review(p4, { decision: 'accepted', correctedLabel: 'no' });
    expect(a.replica.labels()).toEqual({ joined: 4, corrected: 1 });
    const { metrics } = await a.replica.service.performance({ model: 'churn', version: '1' });
    expect(metrics['accuracy']).toMatchObject({ value: 0.25, n: 4 });
    const [last, , , first] = await a.audited();
    expect(first).toMatchObject({
      ...{ action: 'feedback.reviewed', subject: p1, reason: 'seen', actor: ACT.actor, requestId: 'r1' },
      before: { status: 'pending', label: null },
      after: { status: 'accepted', label: 'no' },
    });
    expect(JSON.stringify(last)).not.toMatch(/secret|p4/);
    expect(await a.items({ status: 'accepted' })).toHaveLength(4);
  });

  given('the same decision again changes nothing and is not audited again; another one is', async () => {
    const { a } = await desks();
    await a.predict(['p1', 'p2']);
    const { ids } = await a.take([
      { id: 'p1', correct: false, correctedLabel: 'no' },
      { id: 'p2', correct: false, correctedLabel: 'no' },
    ]);
    const [p1 = '', p2 = ''] = ids;
    const once = await a.review(p1, { decision: 'accepted' });
    a.replica.now += 1_000;
    expect(await a.review(p1, { decision: 'accepted' })).toEqual(once);
    expect(await a.audited()).toHaveLength(1);
    await expect(a.review(p1, { decision: 'rejected' })).rejects.toMatchObject({
      code: 'conflict',
      help: 'Accept it again with the correctedLabel that is true.',
    });
    await expect(a.review(p1, { decision: 'accepted', correctedLabel: 'yes' })).rejects.toThrow('was wrong');
    await expect(a.review(p2, { decision: 'rejected', correctedLabel: 'no' })).rejects.toThrow('has no label');
    expect(await a.review(p2, { decision: 'rejected' })).toMatchObject({ status: 'rejected', label: null });
    expect(await a.review(p2, { decision: 'accepted' })).toMatchObject({ status: 'accepted' });
    expect((await a.audited()).map(({ before, after }) => [before, after])).toEqual([
      [
        { status: 'rejected', label: null },
        { status: 'accepted', label: 'no' },
      ],
      [
        { status: 'pending', label: null },
        { status: 'rejected', label: null },
      ],
      [
        { status: 'pending', label: null },
        { status: 'accepted', label: 'no' },
      ],
    ]);
    await expect(a.review('f'.repeat(32), { decision: 'accepted' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(a.feedback.list('nobody', { order: 'newest', limit: 1 })).rejects.toMatchObject({ code: 'not_found' });
  });

  given('of two decisions at once one stands, and the label is its own', async () => {
    const { database, a } = await desks({ task: 'classification', classes: ['yes', 'no', 'maybe'] });
    await a.predict(['p1']);
    const { ids } = await a.take([{ id: 'p1', correct: false }]);
    const [id = ''] = ids;
    // The other one decides between our label and our mark, the worst moment.
    let decideOther: () => Promise<unknown> = async () => undefined;
    const slow = new FeedbackDesk(database, 'c', (store) => ({
      ...store,
      mark: async (mark) => {
        await decideOther();
        return store.mark(mark);
      },
    }));
    decideOther = () => a.review(id, { decision: 'accepted', correctedLabel: 'no' });
    await expect(slow.review(id, { decision: 'accepted', correctedLabel: 'maybe' })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await a.items()).toMatchObject([{ status: 'accepted', label: 'no' }]);
    expect(await database.db.selectFrom('labels').select('label').execute()).toEqual([{ label: 'no' }]);
    expect(await a.audited()).toHaveLength(1);
  });

  given('cut off between label and mark, the same decision again is harmless', async () => {
    const { database, a } = await desks();
    await a.predict(['p1']);
    const { ids } = await a.take([{ id: 'p1', correct: false, correctedLabel: 'no' }]);
    const broken = new FeedbackDesk(database, 'c', (store) => ({
      ...store,
      mark: () => Promise.reject(new Error('cut off')),
    }));
    await expect(broken.review(ids[0] as string, { decision: 'accepted' })).rejects.toThrow('cut off');
    expect(await a.items()).toMatchObject([{ status: 'pending' }]);
    await a.review(ids[0] as string, { decision: 'accepted' });
    expect([broken.replica.labels(), a.replica.labels()]).toEqual([{ joined: 1 }, { duplicate: 1 }]);
    expect(await a.audited()).toHaveLength(1);
  });

  given('a regression: near enough is no label', async () => {
    const { a } = await desks({ task: 'regression' });
    await a.predict(['p1', 'p2'], () => ({ prediction: 10.5 }));
    const { ids } = await a.take([
      { id: 'p1', correct: true },
      { id: 'p2', correct: true, correctedLabel: 10.6 },
    ]);
    await expect(a.review(ids[0] as string, { decision: 'accepted' })).rejects.toThrow('near enough');
    expect(await a.review(ids[1] as string, { decision: 'accepted' })).toMatchObject({ label: 10.6, prediction: 10.5 });
    await expect(a.review(ids[0] as string, { decision: 'accepted', correctedLabel: 'x' })).rejects.toThrow(
      'correctedLabel: got',
    );
  });

  given('several labels at once', async () => {
    const { a } = await desks({ task: 'multilabel', classes: ['x', 'y'] });
    await a.predict(['p1'], () => ({ prediction: ['x'] }));
    const { ids } = await a.take([{ id: 'p1', correct: false, correctedLabel: ['y', 'x'] }]);
    expect(await a.review(ids[0] as string, { decision: 'accepted' })).toMatchObject({
      label: ['x', 'y'],
      prediction: ['x'],
    });
    expect(await a.take([{ id: 'p1', correct: false, correctedLabel: ['x'], identifier: 'i' }])).toMatchObject({
      accepted: 0,
    });
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
