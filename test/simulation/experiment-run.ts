/** `npm run experiments [-- FILE]`: false claims and power of experiments, between the markers of a file or on the terminal. */
import { EXPERIMENT_PLAN, experimentTables } from './experiment-tables.ts';
import { publish } from './markdown.ts';

publish(process.argv[2], 'simulation:experiments', experimentTables(EXPERIMENT_PLAN));
