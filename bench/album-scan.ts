/**
 * `whosin album add` beside `whosin identify` on the same photos, and what another look costs: an unchanged tree, a moved
 * one, and whether memory grows with the album. Whole processes, start and end included.
 *
 *   npx tsx bench/album-scan.ts [FOLDER=../shared/data/faces/sports-dev] [PHOTOS=50000] [--quick]
 *
 * FOLDER: a folder of photos for each person; both commands read them with an empty cache of faces, in turns. Then up to
 * 50,000 made photos, in folders of 250: real ones encoded anew, 320 pixels wide, every copy with a comment of its own. The
 * cache is given what the networks found in them: twenty show faces, the others show none, so that the grouping of
 * faces, which takes memory for each of them, is not measured here (bench/cluster-size.ts measures it).
 */

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
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
const sizes = isQuick ? [500, 2000] : [1000, Number(places[1] ?? 50_000)];
const rounds = isQuick ? 1 : 2;
const inFolder = 250;
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const home = join(scratch, 'home');
const env = { WHOSIN_HOME: home };
const rows: Row[] = [];
const notes: string[] = [];

try {
  await besideIdentify();
  await looks();
  await report('album-scan', { title: `album add: photos of ${folder}, and made ones`, rows, notes });
} finally {
  await rm(scratch, { recursive: true });
}

async function besideIdentify(): Promise<void> {
  const model = join(scratch, 'people.onnx');
  const lessons = join(scratch, 'lessons');
  await linkLessons(folder, lessons);
  // This compiles the networks too.
  await runNode([main, 'train', lessons, '-o', model, '--validation-percentage', '0'], { env });
  const forgetFaces = async (): Promise<void> => {
    for (const cache of ['bottlenecks', 'seen', 'albums'])
      await rm(join(home, cache), { recursive: true, force: true });
  };
  let photos = 0;
  const { identify, add } = await takeTurns(
    {
      identify: async () => {
        await forgetFaces();
        const cost = await runNode([main, 'identify', folder, '-m', model, '--json'], { env });
        photos = cost.stdout.trim().split('\n').length;
        return cost;
      },
      add: async () => {
        await forgetFaces();
        return runNode([main, 'album', 'add', folder, '--json'], { env });
      },
    },
    rounds,
  );
  rows.push(
    rowOf('identify, nothing cached', photos, identify),
    rowOf('album add, nothing cached', photos, add),
  );
  const cpu = (runs: readonly ProcessCost[]): number => median(runs.map((run) => run.cpu));
  notes.push(
    `album add takes ${(cpu(add) / cpu(identify)).toFixed(3)} times the processor time of identify (goal: 1.1).`,
  );
}

async function looks(): Promise<void> {
  const originals = await originalPhotos();
  for (const size of sizes) {
    await rm(join(home, 'albums'), { recursive: true, force: true });
    const root = join(scratch, `made-${size}`);
    await makePhotos(root, size, originals);
    const add = (photos: string): Promise<ProcessCost> =>
      runNode([main, 'album', 'add', photos, '--json'], { env });
    const first = await add(root);
    const again = [await add(root), await add(root)];
    for (const run of again) expectUnchanged(run, size);
    await rename(root, `${root}-moved`);
    const moved = await add(`${root}-moved`);
    await rm(`${root}-moved`, { recursive: true });
    rows.push(
      rowOf('made photos: first look, faces cached', size, [first]),
      rowOf('unchanged tree', size, again),
      rowOf('moved tree', size, [moved]),
    );
  }
}

function expectUnchanged({ stdout }: ProcessCost, size: number): void {
  const { files, unchanged } = JSON.parse(stdout) as { readonly files: number; readonly unchanged: number };
  if (files !== size || unchanged !== size)
    throw new Error(`${unchanged} of ${files} files unchanged, not ${size}`);
}

interface Original {
  readonly bytes: Buffer;
  readonly found: Uint8Array;
  readonly empty: Uint8Array;
}

async function originalPhotos(): Promise<readonly Original[]> {
  const faces = await openFaces({ config: { home, threads: 2 } });
  const originals: Original[] = [];
  for (const person of await readdir(folder)) {
    const [photo] = (await readdir(join(folder, person))).toSorted();
    const bytes = await sharp(join(folder, person, photo!))
      .resize(320)
      .jpeg({ quality: 60 })
      .toBuffer();
    const found = await faces.reader.read(await decodePhoto(bytes, photo!));
    originals.push({
      bytes,
      found: encodePhotoFaces(found),
      empty: encodePhotoFaces({ ...found, faces: [] }),
    });
  }
  await faces.close();
  return originals;
}

async function makePhotos(root: string, size: number, originals: readonly Original[]): Promise<void> {
  const faces = await openFaces({ config: { home, threads: 1 } });
  // Files that changed a moment ago are read again each time, as git does it.
  const old = new Date(Date.now() - 3_600_000);
  for (let i = 0; i < size; i++) {
    const { bytes, found, empty } = originals[i % originals.length]!;
    const photo = withComment(bytes, `${size} ${i}`);
    const path = join(root, String(Math.floor(i / inFolder)), `${i}.jpg`);
    if (i % inFolder === 0) await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, photo);
    await utimes(path, old, old);
    const sha256 = createHash('sha256').update(photo).digest('hex');
    await faces.cache.put(faces.reader.recipe, sha256, i < 1000 && i % 50 === 0 ? found : empty);
  }
  await faces.close();
}

function rowOf(what: string, photos: number, runs: readonly ProcessCost[]): Row {
  const wall = median(runs.map((run) => run.wall));
  const cpu = median(runs.map((run) => run.cpu));
  return {
    what,
    photos,
    'photos a second': Math.round(photos / wall),
    'CPU ms a photo': ((1000 * cpu) / photos).toFixed(3),
    'peak MB': Math.round(Math.max(...runs.map(({ peak }) => peak))),
  };
}
