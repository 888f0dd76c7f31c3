/**
 * A catalog of very many faces: how long it takes to open it, to find photos, to name a group, and how large it is.
 *
 *   npx tsx bench/album-size.ts [FACES=1000000] [FILE]
 *
 * The faces are made; their number, sizes of vectors and tables are those of a real album. 60 % of them have a name, half of
 * these by an answer; answers name 20 faces each. FILE is kept, and used again if it is there.
 */

import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Album, openAlbum } from '../src/album/open-album.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { albumMeasures } from './support/album-measures.ts';
import { fillCatalog } from './support/made-catalog.ts';
import { isQuick, places, report } from './support/results.ts';

const count = Number(places[0] ?? (isQuick ? 20_000 : 1_000_000));
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const file = places[1] ?? join(scratch, 'album.db');
const faces = await openFaces();
if (!existsSync(file)) await fillCatalog(file, count, faces.background, faces.reader.recipe);
const { size } = await stat(file);
const open = (): Promise<Album> => openAlbum(file, { faces: async () => faces });
const rows = await albumMeasures(open, { find: 100, answer: 50 });
await faces.close();
await rm(scratch, { recursive: true });
await report('album-size', {
  title: `A catalog of ${count.toLocaleString('en')} made faces: ${(size / 1e9).toFixed(2)} GB, ${(size / count).toFixed(0)} bytes a face`,
  rows,
  notes: ['Lists of at most 100 photos. A name is there when its consequences are worked out too.'],
});
