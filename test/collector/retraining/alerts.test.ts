/** Grafana's webhook, with calls recorded from a running one, byte for byte; and fifty of them at once. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSignature } from '../../../collector/src/retraining/alert-signature.ts';
import { sortAlerts } from '../../../collector/src/retraining/alerts.ts';
import { takeAlerts } from '../../../collector/src/retraining/take-alerts.ts';
import { migrate } from '../../../collector/src/storage/migrate.ts';
import { ENGINES, useEngines } from '../../support/engines.ts';
import { fakeTokens } from '../http/support/fakes.ts';
import { REFUSAL, RUN } from '../http/support/fake-retraining.ts';
import { errorBody, startApp, type TestApp } from '../http/support/test-app.ts';
import { ACT } from '../registry/support/control.ts';
import { MODEL, openRoom, POLICY } from './support/room.ts';

interface Recorded {
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody: string;
}
const recorded = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, `fixtures/grafana-alert-${name}.json`), 'utf8')) as Recorded;
const SECRET = 'hmacsecret';
const NAMES = ['firing', 'resolved', 'no-data', 'datasource-error'] as const;
const timeOf = ({ headers }: Recorded) => Number(headers['x-grafana-alerting-signature-timestamp']);

describe('signatures', () => {
  const signedBody = (call: Recorded, body = call.rawBody) => ({
    signature: call.headers['x-grafana-alerting-signature'],
    timestamp: call.headers['x-grafana-alerting-signature-timestamp'],
    body: Buffer.from(body),
  });

  test.each(NAMES)('%s: as Grafana made it', (name) => {
    const call = recorded(name);
    expect(Buffer.byteLength(call.rawBody)).toBe(Number(call.headers['content-length']));
    for (const seconds of [0, 300, -300])
      expect(checkSignature(SECRET, signedBody(call), (timeOf(call) + seconds) * 1_000)).toBeUndefined();
  });

  const call = recorded('firing');
  const now = timeOf(call) * 1_000;
  const wrong: [string, () => void][] = [
    ['a second too late', () => checkSignature(SECRET, signedBody(call), now + 301_000)],
    ['a second too early', () => checkSignature(SECRET, signedBody(call), now - 301_000)],
    ['another secret', () => checkSignature('other', signedBody(call), now)],
    ['one byte more', () => checkSignature(SECRET, signedBody(call, `${call.rawBody} `), now)],
    ['no signature', () => checkSignature(SECRET, { ...signedBody(call), signature: undefined }, now)],
    ['half a signature', () => checkSignature(SECRET, { ...signedBody(call), signature: 'ab' }, now)],
    ['no time', () => checkSignature(SECRET, { ...signedBody(call), timestamp: undefined }, now)],
    ['another time', () => checkSignature(SECRET, { ...signedBody(call), timestamp: String(timeOf(call) + 1) }, now)],
    ['a time that is none', () => checkSignature(SECRET, { ...signedBody(call), timestamp: '-1' }, now)],
  ];
  test.each(wrong)('%s is refused', (_name, check) => {
    expect(check).toThrow(expect.objectContaining({ code: 'signature_invalid' }));
  });
});

describe('which alerts count', () => {
  const sorted = (name: (typeof NAMES)[number]) => sortAlerts(JSON.parse(recorded(name).rawBody));

  test('a firing one with action=retrain and the name of a model', () => {
    expect(sorted('firing')).toEqual({
      ignored: [],
      wanted: [
        expect.objectContaining({
          model: 'prometheus',
          key: '[1,"0203389ce93ac4ea","2026-11-23T14:21:50Z"]',
          reason: 'Alert Accuracy below threshold: Accuracy 0.70 on prometheus',
        }),
      ],
    });
  });

  test.each([
    ['resolved', /is "resolved", not firing/],
    ['no-data', /DatasourceNoData says nothing/],
    ['datasource-error', /DatasourceError says nothing/],
  ] as const)('%s is passed over', (name, reason) => {
    expect(sorted(name)).toEqual({
      wanted: [],
      ignored: [expect.objectContaining({ reason: expect.stringMatching(reason) })],
    });
  });

  test.each([
    null,
    1,
    'x',
    [],
    {},
    { alerts: {} },
    { alerts: [] },
    { alerts: [1] },
    { alerts: [{ status: 'firing' }] },
  ])('%j holds none', (body) => expect(sortAlerts(body).wanted).toEqual([]));

  test('several alerts of one model ask once', async () => {
    const body = JSON.parse(recorded('firing').rawBody) as { alerts: object[] };
    const second = { ...body.alerts[0], fingerprint: 'f2' };
    const asked: unknown[] = [];
    const start = async (model: string, request: object) => {
      asked.push([model, request]);
      return { outcome: 'started', run: RUN } as const;
    };
    const answer = await takeAlerts({ start }, { ...body, alerts: [...body.alerts, second] }, ACT);
    expect(asked).toHaveLength(1);
    expect(answer).toEqual({
      alerts: [expect.objectContaining({ outcome: 'started', fingerprints: ['0203389ce93ac4ea', 'f2'] })],
    });
  });
});

describe('POST /v1/alerts', () => {
  let on: TestApp;
  afterEach(() => on.app.close());
  const open = async (call: Recorded, more: Parameters<typeof startApp>[0] = {}) => {
    const tokens = fakeTokens({ alerttok: { scopes: ['alerts'] } });
    on = await startApp({ auth: { tokens }, alertSecret: SECRET, now: () => timeOf(call) * 1_000, ...more });
  };
  /** The recorded call, sent as it came. */
  const post = async ({ headers, rawBody }: Recorded) => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return on.raw(`POST /v1/alerts HTTP/1.1\r\nhost: localhost\r\n${lines.join('')}\r\n${rawBody}`);
  };

  test('a firing alert starts a run', async () => {
    await open(recorded('firing'));
    const { status, text } = await post(recorded('firing'));
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      alerts: [expect.objectContaining({ model: 'prometheus', outcome: 'started', run: 'run-1' })],
    });
    expect(on.calls).toEqual([
      { name: 'retrain', args: ['prometheus', expect.objectContaining({ trigger: 'alert' }), expect.anything()] },
    ]);
  });

  test.each(NAMES.slice(1))('%s is answered 200 and ignored', async (name) => {
    await open(recorded(name));
    const { status, text } = await post(recorded(name));
    expect([status, JSON.parse(text)]).toEqual([200, expect.objectContaining({ ignored: expect.any(String) })]);
    expect(on.calls).toEqual([]);
  });

  test('five minutes later, with another body, token or secret it is refused before anything is asked', async () => {
    const call = recorded('firing');
    await open(call, { now: () => (timeOf(call) + 301) * 1_000 });
    const late = await post(call);
    expect([late.status, JSON.parse(late.text)]).toEqual([403, errorBody('signature_invalid')]);
    await on.app.close();
    await open(call);
    const changed = { ...call, rawBody: call.rawBody.replace('firing', 'Firing') };
    expect((await post(changed)).status).toBe(403);
    expect((await post({ ...call, headers: { ...call.headers, authorization: 'Bearer other' } })).status).toBe(401);
    await on.app.close();
    await open(call, { alertSecret: undefined });
    expect((await post(call)).status).toBe(403);
    expect(on.calls).toEqual([]);
  });
});

describe('POST …/retraining', () => {
  let on: TestApp;
  afterEach(() => on.app.close());

  test('answers 202 with the run and its place, or 409 with the refusal', async () => {
    on = await startApp();
    const started = await on.send('POST', '/v1/models/churn/retraining', { reason: 'drift' });
    expect([started.status, started.headers.get('location')]).toEqual([202, '/v1/models/churn/retraining/run-1']);
    const refused = await on.send('POST', '/v1/models/churn/retraining', { reason: 'refuse me' });
    expect([refused.status, await refused.json()]).toEqual([
      409,
      { ...errorBody('retraining_refused'), refusal: REFUSAL },
    ]);
  });

  test('the callback of a run: its token alone, a report, files', async () => {
    on = await startApp();
    const path = '/v1/models/churn/retraining/run-1';
    const wrong = await on.send('POST', `${path}/callback`, { status: 'finished' }, { authorization: 'Bearer wrong' });
    expect([wrong.status, await wrong.json()]).toEqual([401, errorBody('unauthorized')]);
    expect((await on.send('POST', `${path}/callback`, { status: 'done' })).status).toBe(400);
    const form = new FormData();
    form.append('status', 'finished');
    form.append('files', new Blob(['weights']), 'model.bin');
    const sent = await fetch(`${on.url}${path}/callback`, { method: 'POST', body: form });
    expect(sent.status).toBe(204);
    expect(on.calls.at(-1)).toEqual({
      name: 'report',
      args: ['run-1', { status: 'finished' }, ['model.bin: weights']],
    });
    expect(await (await on.get(`${path}/data`)).text()).toBe('{"id":"a"}\n');
  });
});

const engines = useEngines();
describe.each(ENGINES)('on %s', (engine) => {
  engines.testOn(engine)('fifty identical webhooks at two replicas at once: one run', async () => {
    const place = await engines.place(engine);
    const first = engines.open(place);
    await migrate(first);
    // Within one process two connections to SQLite would wait for each other for ever; its replicas share one.
    const second = engine === 'postgres' ? engines.open(place) : first;
    const folder = mkdtempSync(join(engines.folder, 'a-'));
    const rooms = [await openRoom(first, folder, 'replica-a'), await openRoom(second, folder, 'replica-b')] as const;
    const [a] = rooms;
    await a.registry.declare(MODEL, { task: 'classification', classes: ['no', 'yes'] }, ACT);
    await a.setPolicy(POLICY, { predictCommand: ['predict'] });
    const body: unknown = JSON.parse(
      recorded('firing').rawBody.replaceAll('"model":"prometheus"', `"model":"${MODEL}"`),
    );
    const webhook = (at: number) => takeAlerts(rooms[at % 2 === 0 ? 0 : 1].retraining, body, ACT);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => webhook(index)));
    const outcomes = answers.map(({ alerts: [one] }) => one?.outcome);
    expect(outcomes.filter((outcome) => outcome === 'started')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'known')).toHaveLength(49);
    const { items } = await a.retraining.runs(MODEL, { limit: 100 });
    expect(items).toHaveLength(1);
    expect(new Set(answers.map(({ alerts: [one] }) => one?.run))).toEqual(new Set([items[0]?.run]));
    for (const { desk } of rooms) await desk.ended(items[0]?.run as string);
    // The same alert is known for ever; another one is judged, and refused by the cooldown, at each repeat.
    expect((await webhook(1)).alerts[0]).toMatchObject({ outcome: 'known', run: items[0]?.run });
    const other: unknown = JSON.parse(JSON.stringify(body).replaceAll('0203389ce93ac4ea', 'other'));
    for (let repeat = 0; repeat < 2; repeat++)
      expect((await takeAlerts(a.retraining, other, ACT)).alerts[0]).toMatchObject({
        outcome: 'refused',
        refusal: { code: 'cooldown' },
      });
    expect(a.refusals).toEqual([`${MODEL} alert`, `${MODEL} alert`]);
    const refused = (await a.audit.list({ model: MODEL, action: 'retraining.refused', limit: 10 })).items;
    expect(refused).toHaveLength(2);
    for (const { state } of rooms) state.now += 86_400_000;
    expect((await takeAlerts(a.retraining, other, ACT)).alerts[0]).toMatchObject({ outcome: 'started' });
    const unknown: unknown = JSON.parse(JSON.stringify(body).replaceAll(`"model":"${MODEL}"`, '"model":"nobody"'));
    expect(await takeAlerts(a.retraining, unknown, ACT)).toMatchObject({
      ignored: expect.stringContaining('no model "nobody"'),
    });
    for (const { desk } of rooms) await desk.close();
  });
});
