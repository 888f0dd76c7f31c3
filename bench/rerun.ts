/**
 * `whosin identify` over a folder that it has seen before, whole processes, and whether memory grows with the folder.
 *
 *   npx tsx bench/rerun.ts [FOLDER=../shared/data/faces/sports-dev] [--quick]
 *
 * FOLDER: a folder of photos for each person. Up to 10,000 made photos, 640 pixels wide: 25 real ones encoded anew, every
 * copy with a comment of its own, so that no two files are alike; the cache is given what the networks found in the
 * 25. "moved": the photos are where they never were, so that each is read and hashed; "seen": they are where they were.
 * Beside it bare Node that reads and hashes the same files, one after another.
 */

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { encodePhotoFaces } from '../src/faces/find/face.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { linkLessons, withComment } from './support/made-copies.ts';
import {
  isQuick,
  median,
  type ProcessCost,
  places,
  type Row,
  report,
  runNode,
  takeTurns,
} from './support/results.ts';

const [folder = '../shared/data/faces/sports-dev'] = places;
const sizes = isQuick ? [100, 1000] : [100, 1000, 10_000];
const rounds = isQuick ? 1 : 3;
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const home = join(scratch, 'home');
const env = { WHOSIN_HOME: home };
const model = join(scratch, 'people.onnx');

/** The work that no run can do without if files have to be read. */
const hashAll = `
  import { createHash } from 'node:crypto';
  import { readdirSync, readFileSync } from 'node:fs';
  const folder = process.argv[1];
  for (const name of readdirSync(folder)) createHash('sha256').update(readFileSync(folder + '/' + name)).digest();`;

try {
  const lessons = join(scratch, 'lessons');
  await linkLessons(folder, lessons);
  await runNode([main, 'train', lessons, '-o', model, '--validation-percentage', '0'], { env });
  await makePhotos();
  const rows: Row[] = [];
  const rates = new Map<string, number>();
  for (const size of sizes) {
    const made = join(scratch, `made-${size}`);
    const { moved, seen, bare } = await takeTurns(
      {
        moved: async () => {
          await rm(join(home, 'seen'), { recursive: true, force: true });
          return identify(made, size);
        },
        seen: () => identify(made, size),
        bare: () => runNode(['--input-type=module', '-e', hashAll, made]),
      },
      rounds,
    );
    for (const [what, runs] of Object.entries({ moved, seen, 'bare Node: read and hash': bare })) {
      rows.push(rowOf(what, size, runs));
      rates.set(`${what} ${size}`, size / median(runs.map(({ wall }) => wall)));
    }
  }
  const largest = sizes.at(-1)!;
  await report('rerun', {
    title: `Re-run: made photos that the cache knows, from ${folder}, medians of ${rounds}`,
    rows,
    notes: [
      `${largest} photos that lie where they were: ${Math.round(rates.get(`seen ${largest}`)!)} photos a second, start and end included.`,
    ],
  });
} finally {
  await rm(scratch, { recursive: true });
}

async function identify(photos: string, expected: number): Promise<ProcessCost> {
  const cost = await runNode([main, 'identify', photos, '-m', model, '--json'], { env });
  const lines = cost.stdout.trim().split('\n');
  if (lines.length !== expected) throw new Error(`${lines.length} answers for ${expected} photos`);
  return cost;
}

async function makePhotos(): Promise<void> {
  const faces = await openFaces({ config: { home, threads: 2 } });
  const originals: { readonly bytes: Buffer; readonly found: Uint8Array }[] = [];
  for (const person of await readdir(folder)) {
    const photos = (await readdir(join(folder, person))).toSorted().slice(-5);
    for (const photo of photos) {
      const bytes = await sharp(join(folder, person, photo))
        .resize(640)
        .jpeg()
        .toBuffer();
      originals.push({
        bytes,
        found: encodePhotoFaces(await faces.reader.read(await decodePhoto(bytes, photo))),
      });
    }
  }
  let number = 0;
  for (const size of sizes) {
    const made = join(scratch, `made-${size}`);
    await mkdir(made);
    for (let i = 0; i < size; i++) {
      const { bytes, found } = originals[i % originals.length]!;
      const photo = withComment(bytes, String(number++));
      await writeFile(join(made, `${i}.jpg`), photo);
      await faces.cache.put(faces.reader.recipe, createHash('sha256').update(photo).digest('hex'), found);
    }
  }
  await faces.close();
}

function rowOf(what: string, size: number, runs: readonly ProcessCost[]): Row {
  const wall = median(runs.map((run) => run.wall));
  return {
    photos: size,
    what,
    'photos a second': Math.round(size / wall),
    'CPU ms a photo': ((1000 * median(runs.map(({ cpu }) => cpu))) / size).toFixed(2),
    'peak MB': Math.round(Math.max(...runs.map(({ peak }) => peak))),
  };
}
