/** Writes the tables of rooms and floors into docs/ARCHITECTURE.md, from the record that the test of walls reads: `npm run rooms`. */

import { readFileSync, writeFileSync } from 'node:fs';
import { floorsTable, roomsTable } from '../test/walls.ts';

const file = new URL('../docs/ARCHITECTURE.md', import.meta.url);
const tables = /<!-- rooms -->[\s\S]*<!-- end of rooms -->/;
const floors =
  'The album has floors, from the ground up. Each imports from those that stand before it in this table:';
const written = [roomsTable(), floors, floorsTable()].join('\n\n');
writeFileSync(
  file,
  readFileSync(file, 'utf8').replace(tables, `<!-- rooms -->\n\n${written}\n\n<!-- end of rooms -->`),
);
