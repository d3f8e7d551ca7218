import { createMonitor } from '@plumbline/collector';

const monitor = createMonitor({
  model: 'churn',
  version: '3',
  features: { name: { pii: 'drop' }, postcode: { pii: 'hash' } },
  collector: {
    url: process.env.PLUMBLINE_URL,
    token: process.env.PLUMBLINE_TOKEN, // scopes ingest, and read to ask for answers
    piiKey: process.env.PII_KEY,
    spill: { folder: process.env.SPILL_FOLDER }, // unsent rows wait here while the collector is away
    onError: ({ message }) => console.warn(message),
  },
});
// A program that ends by itself sends what is unsent; a signal gives it no time for that unless somebody asks.
process.once('SIGTERM', () => monitor.close().then(() => process.exit(0)));

const features = { name: 'Ada', postcode: 'W1A 1AA', age: 41 };
const id = monitor.recordPrediction({ prediction: 'stays', score: 0.2, features });
monitor.recordLabel(id, 'leaves');
const { labeled } = await monitor.performance(); // the collector's answer, over all processes
console.log(labeled);
await monitor.close();
