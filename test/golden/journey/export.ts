/** `node test/golden/journey/export.ts | python test/golden/journey/generate.py > test/golden/journey/golden.json` */
import { joinedRows } from './joined-rows.ts';

process.stdout.write(await joinedRows());
