/** Training examples on both engines: in order, each prediction once, nothing personal, to be gone on with. */
import { ACT, FeedbackDesk } from '../collector/feedback/support/desk.ts';
import { DAY, declare, START } from '../collector/labels/support/replica.ts';
import { ENGINES, useEngines } from '../support/engines.ts';

const engines = useEngines();
const label = (id: string, value: string) => ({ model: 'churn', id, label: value });

async function textOf(text: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const piece of text) all += piece;
  return all;
}

describe.each(ENGINES)('%s', (engine) => {
  const given = engines.testOn(engine);
  const desk = async (declaration: Parameters<typeof declare>[1] = {}) => {
    const database = await engines.database(engine);
    await declare(database, { task: 'classification', classes: ['yes', 'no'], ...declaration });
    return { database, a: new FeedbackDesk(database) };
  };
  const accept = async (a: FeedbackDesk, rows: readonly object[]) => {
    const { ids } = await a.take(rows);
    for (const id of ids) await a.review(id, { decision: 'accepted' });
  };

  given(
    'labelled predictions of all versions in the order they were stored; what was accepted goes before a label',
    async () => {
      const { a } = await desk();
      await a.predict(['p1', 'p2', 'p3'], (at) => ({ timestamp: START + at, segment: 'web' }));
      a.replica.now += 1;
      await a.predict(['q1', 'q2'], () => ({ version: '2', prediction: 'no' }));
      a.replica.now += 1;
      await a.predict(['p4', 'shadow', 'bare', 'open'], (at) => ({
        ...(at === 1 && { shadowOf: 'p4' }),
        ...(at === 2 && { features: undefined }),
      }));
      await a.replica.service.labels(['p1', 'p2', 'q2', 'p4', 'bare'].map((id) => label(id, 'yes')));
      await accept(a, [
        { id: 'p2', correct: false, correctedLabel: 'no' },
        { id: 'q1', correct: true },
      ]);
      // A label that comes after the review corrects what is counted, and does not change what people accepted.
      await a.replica.service.labels([label('p2', 'yes')]);
      expect(await a.examples({ feedbackWeight: 3 })).toEqual([
        {
          ...{
            id: 'p1',
            timestamp: new Date(START).toISOString(),
            version: '1',
            features: { x: 0 },
            prediction: 'yes',
          },
          ...{ label: 'yes', weight: 1, source: 'label' },
        },
        expect.objectContaining({ id: 'p2', label: 'no', weight: 3, source: 'feedback' }),
        expect.objectContaining({ id: 'q1', version: '2', prediction: 'no', label: 'no', source: 'feedback' }),
        expect.objectContaining({ id: 'q2', label: 'yes', source: 'label' }),
        expect.objectContaining({ id: 'p4' }),
      ]);
      expect((await a.examples({ source: 'feedback' })).map(({ id, weight }) => [id, weight])).toEqual([
        ['p2', 1],
        ['q1', 1],
      ]);
      expect((await a.examples({ from: START + 1, to: START + 2 })).map(({ id }) => id)).toEqual(['p2']);
      await expect(a.examples({ model: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
    },
  );

  given('of one prediction with several accepted items the last decision counts, and it is one example', async () => {
    const { a } = await desk({ classes: ['yes', 'no', 'maybe'] });
    await a.predict(['p1', 'p2']);
    await accept(a, [{ id: 'p1', correct: false, correctedLabel: 'no' }]);
    a.replica.now += DAY;
    await accept(a, [
      { id: 'p1', correct: false, correctedLabel: 'maybe' },
      { id: 'p2', correct: true },
    ]);
    expect((await a.examples({ source: 'feedback' })).map(({ id, label: accepted }) => [id, accepted])).toEqual([
      ['p1', 'maybe'],
      ['p2', 'yes'],
    ]);
    expect(await a.store.accepted('churn', undefined)).toBe(2);
    expect(await a.store.accepted('churn', START + DAY)).toBe(2);
    expect(await a.store.accepted('churn', START + DAY + 1)).toBe(0);
    expect(await a.store.accepted('nobody', undefined)).toBe(0);
  });

  given('read page by page nothing is left out and nothing comes twice, whatever of it is an example', async () => {
    const { database, a } = await desk();
    await declare(database, {}, { version: '2', stage: null });
    const ids: string[] = [];
    for (let batch = 0; batch < 4; batch++) {
      const version = batch % 2 ? '2' : '1';
      const made = Array.from({ length: 700 }, (_, row) => `b${batch}-${row}`);
      await a.predict(made, () => ({ version }));
      ids.push(...made);
      // In the same millisecond now and then.
      a.replica.now += batch % 3;
    }
    const labelled = ids.filter((_, at) => at % 7 < 5);
    for (let from = 0; from < labelled.length; from += 1_000)
      await a.replica.service.labels(labelled.slice(from, from + 1_000).map((id) => label(id, 'no')));
    expect((await a.examples()).map(({ id }) => id)).toEqual(labelled);
  });

  given('an export goes on where it broke off', async () => {
    const { a } = await desk();
    const ids = Array.from({ length: 30 }, (_, row) => `p${row}`);
    await a.predict(ids, (at) => ({ version: at % 3 ? '1' : '2' }));
    await a.replica.service.labels(ids.map((id) => label(id, 'no')));
    const all = { model: 'churn', format: 'jsonl', source: 'all' } as const;
    const lines = (await textOf((await a.feedback.exportExamples(all, ACT)).text)).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(ids);
    const { position } = JSON.parse(lines[11] as string) as { position: string };
    const rest = await textOf((await a.feedback.exportExamples({ ...all, after: position }, ACT)).text);
    expect(rest.trimEnd().split('\n')).toEqual(lines.slice(12));
    await expect(a.feedback.exportExamples({ ...all, after: 'somewhere' }, ACT)).rejects.toThrow(
      'after: is no position',
    );
    expect((await a.audited()).map(({ action, evidence }) => [action, evidence])).toEqual([
      ['feedback.exported', expect.objectContaining({ source: 'all', after: position })],
      ['feedback.exported', expect.objectContaining({ format: 'jsonl', after: null })],
    ]);
  });

  given('a hundred are to be accepted before feedback alone may feed a training, or as many as is said', async () => {
    const { a } = await desk();
    await a.predict(['p1', 'p2']);
    await accept(a, [
      { id: 'p1', correct: true },
      { id: 'p2', correct: true },
    ]);
    const wanted = { model: 'churn', format: 'jsonl', source: 'feedback' } as const;
    await expect(a.feedback.exportExamples(wanted, ACT)).rejects.toMatchObject({
      ...{ code: 'too_little_feedback', status: 409, details: { accepted: 2, minCount: 100 } },
      help: expect.stringContaining('minCount'),
    });
    expect(await a.audited()).toHaveLength(2);
    const { text } = await a.feedback.exportExamples({ ...wanted, minCount: 2 }, ACT);
    expect((await textOf(text)).trimEnd().split('\n')).toHaveLength(2);
  });

  given(
    'what was declared personal after it was stored does not leave either; a hash made at ingest stays as it is',
    async () => {
      const { database, a } = await desk({ features: { zip: { pii: 'hash' } } });
      await a.predict(['p1'], () => ({ features: { zip: 'W1A', name: 'Ada', mail: 'a@x', age: 41 } }));
      await a.replica.service.labels([label('p1', 'no')]);
      const [before] = await a.examples();
      const declaration = { features: { zip: { pii: 'hash' }, name: { pii: 'drop' }, mail: { pii: 'hash' } } };
      await database.db
        .updateTable('models')
        .set({ declaration: JSON.stringify(declaration) })
        .execute();
      const [after] = await a.examples();
      expect(before?.features).toEqual({
        zip: expect.stringMatching(/^[0-9a-f]{16}$/),
        name: 'Ada',
        mail: 'a@x',
        age: 41,
      });
      expect(after?.features).toEqual({
        zip: before?.features['zip'],
        mail: expect.stringMatching(/^[0-9a-f]{16}$/),
        age: 41,
      });
    },
  );

  given('CSV that no spreadsheet runs', async () => {
    const { a } = await desk({ features: { name: {}, x: {}, 'a,b': {}, gone: { pii: 'drop' } } });
    await a.predict(['=1+1', '-p', '+3'], (at) => ({
      features: {
        name: ['=HYPERLINK("http://x")', '-1.5e-3', '@sum'][at],
        x: [-1.5, true, null][at],
        'a,b': 'two\nlines, "quoted"',
      },
    }));
    await a.replica.service.labels(['=1+1', '-p', '+3'].map((id) => label(id, 'no')));
    const wanted = { model: 'churn', format: 'csv', source: 'all' } as const;
    const text = await textOf((await a.feedback.exportExamples(wanted, ACT)).text);
    const rest = text.replaceAll(/^\d+-\d+,/gm, '').replaceAll(new Date(START).toISOString(), 'T');
    expect(rest).toBe(
      [
        'position,id,timestamp,version,prediction,label,weight,source,feature.name,feature.x,"feature.a,b"',
        `'=1+1,T,1,yes,no,1,label,"'=HYPERLINK(""http://x"")",-1.5,"two\nlines, ""quoted"""`,
        `'-p,T,1,yes,no,1,label,-1.5e-3,true,"two\nlines, ""quoted"""`,
        `+3,T,1,yes,no,1,label,'@sum,,"two\nlines, ""quoted"""`,
        '',
      ].join('\n'),
    );
    const asked = await a.feedback.exportExamples({ ...wanted, features: ['x'] }, ACT);
    expect((await textOf(asked.text)).split('\n')[0]).toMatch(/,source,feature\.x$/);
    const bare = await desk();
    await expect(bare.a.feedback.exportExamples(wanted, ACT)).rejects.toThrow('features: a CSV needs the names');
  });

  given('patterns: what was accepted goes before what was said last; rejected items say nothing', async () => {
    const { a } = await desk({ features: { secret: { pii: 'hash' } } });
    const ids = Array.from({ length: 60 }, (_, row) => `p${row}`);
    await a.predict(ids, (at) => ({
      features: { age: at, secret: `s${at % 2}` },
      segment: at < 30 ? 'web' : 'app',
      timestamp: START + at,
      version: at === 59 ? '2' : '1',
    }));
    await a.take(ids.map((id, at) => ({ id, correct: at >= 30, ...(at < 30 && { correctedLabel: 'no' }) })));
    // Said later, and rejected; said later, and pending, of one that was accepted.
    const spam = await a.take([{ id: 'p0', correct: true, explanation: 'spam' }]);
    await a.review(spam.ids[0] as string, { decision: 'rejected' });
    const [first] = await a.items({ limit: 1 });
    await a.review(first?.id as string, { decision: 'accepted' });
    await a.take([{ id: 'p0', correct: true, explanation: 'but no' }]);
    const found = await a.feedback.patterns({ model: 'churn' });
    expect(found).toMatchObject({
      model: 'churn',
      version: null,
      n: 60,
      errors: 30,
      truncated: false,
      verdict: 'tested',
    });
    expect(found.segments[0]).toMatchObject({ segment: 'web', n: 30, errors: 30, significant: true });
    expect(JSON.stringify(found)).not.toMatch(/secret|spam/);
    expect(await a.feedback.patterns({ model: 'churn', version: '2' })).toMatchObject({
      n: 1,
      verdict: 'insufficient_data',
    });
    expect(await a.feedback.patterns({ model: 'churn', from: START + 10, to: START + 20 })).toMatchObject({ n: 10 });
    await expect(a.feedback.patterns({ model: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
  });
});
