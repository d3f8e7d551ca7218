/**
 * A program that routes, predicts with a shadow and comes to its end without closing anything.
 * Arguments: collector address, state file.
 */
import { createRouter } from '../../../../collector/src/index.ts';

const [url = '', stateFile = ''] = process.argv.slice(2);
const router = createRouter({
  model: 'm',
  fallback: '1',
  arms: { '1': () => 'a', '2': () => 'b', '3': () => 'c' },
  stateFile,
  collector: { url, closeSeconds: 5, requestSeconds: 0.5, flushSeconds: 3_600 },
});
await router.ready();
const { version, reason } = router.predict({ x: 1 }, { key: 'user-1' });
process.stdout.write(`${version} ${reason}\n`);
