/** `npm run detectors [-- FILE]`: operating points of the streaming detectors, between the markers of a file or on the terminal. */
import { publish } from './markdown.ts';
import { operatingPoints, PLAN } from './operating-points.ts';

publish(process.argv[2], 'simulation:detectors', operatingPoints(PLAN, 20261124));
