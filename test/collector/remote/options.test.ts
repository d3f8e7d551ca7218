/** What the remote mode cannot be told. */
import { createMonitor, type CollectorOptions } from '../../../collector/src/index.ts';
import { untyped } from '../support/core.ts';
import { useRemote } from './support/remote.ts';

const { here, remote } = useRemote();

test.each<[Record<string, unknown>, string]>([
  [{ url: 'localhost:8080' }, 'collector.url: expected an http(s) address'],
  [{ url: 'ftp://host' }, 'collector.url: expected an http(s) address'],
  [{ url: 'http://user:password@host' }, 'collector.url: holds a user or password'],
  [{ url: 'http://host/?a=b' }, 'collector.url: holds a query or fragment'],
  [{ token: 'two words' }, 'collector.token: is not a usable token'],
  [{ token: '' }, 'collector.token: is not a usable token'],
  [{ batchRows: 5_001 }, 'collector.batchRows: 5001 is not a whole number from 1 to 5000'],
  [{ requestSeconds: 0 }, 'collector.requestSeconds: 0 is no time to wait'],
  [{ flushSeconds: -1 }, 'collector.flushSeconds: -1 is not a number of seconds'],
  [{ gzip: 'yes' }, 'collector.gzip: expected true or false'],
  [{ onError: 'log' }, 'collector.onError: expected a function'],
  [{ spill: { folder: '' } }, 'collector.spill.folder: expected the path of a folder'],
  [{ spill: { folder: '/proc/none' } }, 'collector.spill.folder: /proc/none cannot be written (ENOENT)'],
  [{ spill: { folder: __filename } }, 'cannot be written (ENOTDIR)'],
  [{ spill: { folder: '/tmp', maxBytes: 1 } }, 'collector.spill.maxBytes: 1 is not a whole number'],
])('%j is refused with a remedy', (options, message) => {
  const collectorOptions = untyped<CollectorOptions>({ url: 'http://127.0.0.1:1', ...options });
  const make = () => createMonitor({ model: 'm', version: '1', collector: collectorOptions });
  expect(make).toThrow(
    expect.objectContaining({ code: 'invalid_configuration', help: expect.stringMatching(/.{10}/) }),
  );
  expect(make).toThrow(message);
  expect(make).not.toThrow('password@');
});

test('what only a monitor inside the process can do is refused with a collector', () => {
  expect(() => remote({}, { onWindow: () => undefined })).toThrow('onWindow: has no meaning with a collector');
  expect(() => remote({}, { selfReference: { stateFile: 'x' } })).toThrow(
    'selfReference: has no meaning with a collector',
  );
  expect(() => createMonitor({ model: 'm', version: '1', collector: untyped('http://host') })).toThrow(
    'collector: expected an object',
  );
});

test('two monitors of one model version do not export in one place, and the refused one leaves nothing behind', async () => {
  const { producer } = remote();
  const collectorOptions = { url: here.collector.url };
  expect(() => createMonitor({ model: 'm', version: '1', producer, collector: collectorOptions })).toThrow(
    'exports here already',
  );
  expect(process.listenerCount('beforeExit')).toBe(1);
});
