/** A replica that takes feedback and reviews it without end, and says what was acknowledged. It is there to be killed. */
import { openDatabase } from '../../../../collector/src/storage/database.ts';
import { migrate } from '../../../../collector/src/storage/migrate.ts';
import { FeedbackDesk } from './desk.ts';

const [run = '0', dataFolder = '', url] = process.argv.slice(2);
const database = openDatabase({ dataFolder, ...(url !== undefined && { url }) });
await migrate(database);
const desk = new FeedbackDesk(database, run);
const say = (line: string) => process.stdout.write(`${line}\n`);

/** Also what the one before left, some of it with its label there already. */
async function reviewAll(): Promise<void> {
  const pending = await desk.items({ status: 'pending' });
  await Promise.all(
    pending.map(async ({ id, predictionId }) => {
      const decision = predictionId.endsWith('3') ? 'rejected' : 'accepted';
      await desk.review(id, { decision });
      say(`${decision} ${id}`);
    }),
  );
}

for (let made = 0; ; made += 10) {
  const ids = Array.from({ length: 10 }, (_, at) => `${run}-${made + at}`);
  await desk.predict(ids);
  const { ids: taken } = await desk.take(ids.map((id) => ({ id, correct: false, correctedLabel: 'no' })));
  say(`taken ${taken.join(' ')}`);
  await reviewAll();
}
