/** Writes the table of rooms into docs/ARCHITECTURE.md, from the record that the test of walls reads: `npm run rooms`. */

import { readFileSync, writeFileSync } from 'node:fs';
import { roomsTable } from '../test/walls.ts';

const file = new URL('../docs/ARCHITECTURE.md', import.meta.url);
const table = /<!-- rooms -->[\s\S]*<!-- end of rooms -->/;
writeFileSync(
  file,
  readFileSync(file, 'utf8').replace(table, `<!-- rooms -->\n\n${roomsTable()}\n\n<!-- end of rooms -->`),
);
