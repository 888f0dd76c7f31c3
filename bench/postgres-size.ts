/**
 * The same on PostgreSQL: an album of a million photos and three million faces, how long people wait in it, how large it
 * is, and what it takes to move it there.
 *
 *   npx tsx bench/postgres-size.ts [FACES=3000000] [ADDRESS]
 *
 * The faces are made as for album-size.ts, in a file, and moved. ADDRESS: a database that is there, for example with the
 * album of an earlier run, which is used again; else a PostgreSQL is started in a folder of its own and removed.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { openAlbum } from '../src/album/open-album.ts';
import { postgresPlace } from '../src/catalog/postgres-address.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { openPostgres } from '../test/postgres/postgres-server.ts';
import { albumMeasures } from './support/album-measures.ts';
import { fillCatalog } from './support/made-catalog.ts';
import { postgresCpu } from './support/postgres-cpu.ts';
import { isQuick, places, report, seconds } from './support/results.ts';

const count = Number(places[0] ?? (isQuick ? 20_000 : 3_000_000));
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const faces = await openFaces();
const settings = { shared_buffers: '1GB', max_wal_size: '4GB', checkpoint_timeout: '30min' };
const server = places[1] === undefined ? await openPostgres(settings) : undefined;
const address = places[1] ?? server!.address;
const open = (create = false) => openAlbum(address, { create, faces: async () => faces });
const notes = ['Lists of at most 100 photos. A name is there when its consequences are worked out too.'];
try {
  const isThere = await open().then(
    async (album) => album.close().then(() => true),
    () => false,
  );
  if (!isThere) {
    const file = join(scratch, 'album.db');
    const made = await seconds(() =>
      fillCatalog(file, count, faces.background, faces.reader.recipe, '/photos', {
        crowded: true,
        embedded: false,
      }),
    );
    const album = await openAlbum(file, { faces: async () => faces });
    let rows = 0;
    const moved = await seconds(async () => {
      rows = (await album.move(address)).rows;
    });
    await album.close();
    await rm(file);
    await addEmbeddings();
    notes.push(
      `${rows.toLocaleString('en')} rows moved from SQLite to PostgreSQL in ${moved.toFixed(0)} s, ${Math.round(rows / moved).toLocaleString('en')} a second (made in ${made.toFixed(0)} s).`,
    );
  }
  const sizes = await sizesOf();
  const rows = await albumMeasures(
    () => open(),
    { find: 200, answer: 50 },
    await postgresCpu(postgresPlace(address).address),
  );
  await report('postgres-size', {
    title: `An album of ${sizes.photos.toLocaleString('en')} photos and ${sizes.faces.toLocaleString('en')} made faces on PostgreSQL: ${(sizes.bytes / 1e9).toFixed(2)} GB, ${Math.round(sizes.bytes / sizes.faces)} bytes a face`,
    rows,
    notes: [...notes, sizes.largest],
  });
} finally {
  await faces.close();
  await server?.close();
  await rm(scratch, { recursive: true });
}

/** Most of the bytes: copied within the database, so that they need not be twice on this disk. */
async function addEmbeddings(): Promise<void> {
  const { address: plain, schema } = postgresPlace(address);
  const client = new Client({ connectionString: plain });
  await client.connect();
  await client.query(
    `insert into ${schema}.embeddings
     select f.id, e.embedding from ${schema}.faces f join ${schema}.embeddings e on e.face = 1 + f.id % 50 where f.id > 50`,
  );
  await client.end();
}

async function sizesOf() {
  const { address: plain, schema } = postgresPlace(address);
  const client = new Client({ connectionString: plain });
  await client.connect();
  try {
    const one = async (text: string): Promise<number> =>
      Number((await client.query<{ n: string }>(text)).rows[0]!.n);
    await client.query('vacuum analyze');
    const { rows } = await client.query<{ table: string; bytes: string }>(
      "select relname as table, pg_total_relation_size(c.oid) as bytes from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = $1 and relkind = 'r' order by 2 desc",
      [schema],
    );
    const largest = rows
      .slice(0, 7)
      .map(({ table, bytes }) => `${table} ${(Number(bytes) / 1e6).toFixed(0)}`);
    return {
      photos: await one(`select count(*) as n from ${schema}.photos`),
      faces: await one(`select count(*) as n from ${schema}.faces`),
      bytes: rows.reduce((sum, { bytes }) => sum + Number(bytes), 0),
      largest: `MB with indexes: ${largest.join(', ')}.`,
    };
  } finally {
    await client.end();
  }
}
