/** Exports all examples of a model with the memory its parent leaves it. Arguments: data folder, format. */
import type { ExportFormat } from '../../../../collector/src/feedback/training-example.ts';
import { openDatabase } from '../../../../collector/src/storage/database.ts';
import { ACT, FeedbackDesk } from './desk.ts';

const [dataFolder = '', format = 'jsonl'] = process.argv.slice(2);
const database = openDatabase({ dataFolder });
const desk = new FeedbackDesk(database);
const request = { model: 'churn', format: format as ExportFormat, source: 'all' } as const;
const { text } = await desk.feedback.exportExamples(request, ACT);
let lines = 0;
let characters = 0;
for await (const piece of text) {
  lines += piece.split('\n').length - 1;
  characters += piece.length;
}
process.stdout.write(JSON.stringify({ lines, characters }));
await database.close();
