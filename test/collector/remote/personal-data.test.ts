/** Features that are marked do not leave the process in clear text. */
import { createHmac } from 'node:crypto';
import { hashFeature } from '../../../collector/src/index.ts';
import { untyped } from '../support/core.ts';
import { useRemote } from './support/remote.ts';

const { here, remote } = useRemote();

const features = { name: { pii: 'drop' }, postcode: { pii: 'hash' } } as const;
const piiKey = 'sixteen bytes or more';

test('is dropped or hashed before anything is kept; the same value has the same hash, in one feature', async () => {
  const { monitor } = remote({ piiKey }, { features });
  const row = { name: 'Ada Lovelace', postcode: 'W1A 1AA', street: 'W1A 1AA' };
  monitor.recordPrediction({ prediction: 'a', features: row });
  monitor.recordPrediction({ prediction: 'a', features: { postcode: null } });
  await monitor.flush();
  const hash = createHmac('sha256', piiKey).update('"postcode":W1A 1AA').digest('hex').slice(0, 32);
  expect(hashFeature(piiKey, 'postcode', 'W1A 1AA')).toBe(hash);
  expect(here.collector.unique('predictions').map(({ features: sent }) => sent)).toEqual([
    { postcode: hash, street: 'W1A 1AA' },
    undefined,
  ]);
  expect(hashFeature(piiKey, 'street', 'W1A 1AA')).not.toBe(hash);
  expect(hashFeature('another sixteen bytes', 'postcode', 'W1A 1AA')).not.toBe(hash);
});

test('a key is demanded where one is needed, and a mark that is none is refused', () => {
  expect(() => remote({}, { features })).toThrow('collector.piiKey: features.postcode is to be hashed');
  expect(() => remote({ piiKey: 'short' }, { features })).toThrow('collector.piiKey: expected a text or bytes');
  const wrong = { name: { pii: untyped<'drop'>('remove') } };
  expect(() => remote({ piiKey }, { features: wrong })).toThrow('features.name.pii: there is no "remove"');
});
