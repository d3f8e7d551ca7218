/** `npm run simulate [-- FILE]`: false alarms and power of the drift verdicts, between the markers of a file or on the terminal. */
import { publish } from './markdown.ts';
import { PLAN, simulationTables } from './verdict-tables.ts';

publish(process.argv[2], 'simulation:verdicts', simulationTables(PLAN));
