/** Decisions on feedback, on both engines: what is accepted is the label, whatever comes in between. */
import { ACT, FeedbackDesk } from '../collector/feedback/support/desk.ts';
import { declare } from '../collector/labels/support/replica.ts';
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
});
