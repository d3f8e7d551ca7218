/**
 * A program that records and comes to its end without closing its monitors.
 * Arguments: collector address, spill folder or '', how it ends: itself | sigterm.
 */
import { createMonitor } from '../../../../collector/src/index.ts';

const [url = '', folder = '', end = 'itself'] = process.argv.slice(2);
const monitors = ['1', '2', '3'].map((version) =>
  createMonitor({
    model: 'm',
    version,
    collector: { url, closeSeconds: 0.3, flushSeconds: 3_600, ...(folder !== '' && { spill: { folder } }) },
  }),
);
for (const [index, monitor] of monitors.entries()) {
  const id = monitor.recordPrediction({ id: `p${index}`, prediction: 'a' });
  monitor.recordLabel(id, 'a');
  monitor.recordFeedback({ id, correct: true });
}
if (end === 'sigterm') {
  // The pattern the README shows.
  process.once('SIGTERM', () => {
    void Promise.all(monitors.map((monitor) => monitor.close())).then(() => process.exit(0));
  });
  setInterval(() => undefined, 1_000);
  process.stdout.write('recorded\n');
}
