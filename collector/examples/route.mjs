import { createRouter } from '@plumbline/collector';

const router = createRouter({
  model: 'churn',
  // The versions that run in this process; each answers at once or with a promise.
  arms: {
    1: ({ age }) => ({ prediction: age > 40 ? 'stays' : 'leaves', score: age / 100 }),
    2: async ({ age, plan }) => ({ prediction: age > 30 || plan === 'gold' ? 'stays' : 'leaves', score: age / 100 }),
  },
  fallback: '1', // answers as long as nothing is known
  collector: { url: process.env.PLUMBLINE_URL, token: process.env.PLUMBLINE_TOKEN }, // scope ingest
  stateFile: process.env.STATE_FILE, // routes on after a restart, should the service be away then
});
process.once('SIGTERM', () => router.close().then(() => process.exit(0)));
await router.ready(); // not needed: before it the fallback answers

for (const user of ['ada', 'grace', 'edsger', 'barbara', 'alan', 'frances']) {
  const input = { age: 25 + user.length, plan: 'basic' };
  const { prediction, version, predictionId, reason } = await router.predict(input, { key: user });
  console.log(`${user}: version ${version} (${reason}) says ${prediction}`);
  router.recordLabel(predictionId, 'stays', { version }); // minutes or weeks later
}
await router.close();
