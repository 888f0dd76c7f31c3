/**
 * Memory of `whosin identify` where each photo takes far more than its file, and where there are many photos.
 *
 *   npx tsx bench/memory.ts [PHOTOS=10000] [--quick]
 *
 * Twelve photos of 17 megapixels that need 0.1 to 0.3 GB each, under limits of WHOSIN_MEMORY; and made photos of 160 pixels, 1,000
 * and PHOTOS of them, each with a content of its own: not cached at first, then cached.
 */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { heicGrid, largeTile } from '../test/bytes/heic.ts';
import { zerosPng } from '../test/bytes/png.ts';
import { portrait, writePortraits } from '../test/demo-people.ts';
import { isQuick, type ProcessCost, places, type Row, report, runNode } from './support/results.ts';

const [many = isQuick ? 200 : 10_000] = places.map(Number);
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const people = join(scratch, 'people.onnx');
const env = { WHOSIN_HOME: join(scratch, 'home'), WHOSIN_THREADS: '2' };

try {
  await writePortraits(join(scratch, 'people'), { mona: ['mona', 2], nell: ['nell', 2] });
  await runNode([main, 'train', join(scratch, 'people'), '-o', people], { env });
  await measureLimits(await largePhotos());
  const few = Math.ceil(many / 10);
  const rows: Row[] = [];
  for (const count of [few, many]) {
    const folder = await smallPhotos(count);
    for (const what of ['not cached', 'cached']) {
      rows.push({ photos: count, what, 'peak, MB': megabytes(await identify(folder)) });
    }
  }
  await report('memory', { title: `Many photos: ${few} and ${many} of 160 pixels, two threads`, rows });
} finally {
  await rm(scratch, { recursive: true });
}

async function measureLimits(folder: string): Promise<void> {
  const rows: Row[] = [];
  for (const limit of ['500MB', '1GB', '2GB', '8GB']) {
    const cost = await identify(folder, limit);
    const refused = cost.stdout.match(/photo-too-large/g)?.length ?? 0;
    rows.push({ WHOSIN_MEMORY: limit, 'peak, MB': megabytes(cost), refused });
  }
  await report('memory', { title: 'Large photos: 12 of 17 megapixels, two threads', rows });
}

/** The cache knows no photo of them, so that each is decoded. */
async function identify(folder: string, limit?: string): Promise<ProcessCost> {
  const limited = limit === undefined ? env : { ...env, WHOSIN_MEMORY: limit };
  if (limit !== undefined) await rm(join(env.WHOSIN_HOME, 'bottlenecks'), { recursive: true, force: true });
  // Only the smallest limit refuses some of them.
  const status = limit === '500MB' ? 1 : 0;
  return runNode([main, 'identify', folder, '-m', people, '--json'], { env: limited, status });
}

/** MB of a million bytes, as WHOSIN_MEMORY counts. */
function megabytes({ peak }: ProcessCost): number {
  return Math.round((peak * 2 ** 20) / 1e6);
}

async function largePhotos(): Promise<string> {
  const folder = join(scratch, 'large');
  await mkdir(folder);
  const side = 4096;
  const plain = { create: { width: side, height: side, channels: 3, background: '#c18040' } } as const;
  const kinds: Readonly<Record<string, Uint8Array>> = {
    'interlaced.png': await zerosPng({ width: side, height: side, bits: 16, kind: 'rgba', interlaced: true }),
    'progressive.jpg': await sharp(plain).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
    'photo.heic': heicGrid(largeTile, { columns: 4, rows: 4 }),
    'photo.avif': await sharp(plain).avif({ effort: 0 }).toBuffer(),
  };
  for (const [name, bytes] of Object.entries(kinds)) {
    // Bytes behind the end make files that are no copies.
    for (const number of [1, 2, 3]) {
      await writeFile(join(folder, `${number}-${name}`), Buffer.concat([bytes, differing(name, number)]));
    }
  }
  return folder;
}

/** Bytes that readers pass over; in HEIF a box of its own. */
function differing(name: string, number: number): Buffer {
  const isHeif = name.endsWith('.heic') || name.endsWith('.avif');
  return isHeif ? Buffer.from(`00000009667265650${number}`, 'hex') : Buffer.of(number);
}

async function smallPhotos(count: number): Promise<string> {
  const folder = join(scratch, `small-${count}`);
  await mkdir(folder);
  const jpegs = await Promise.all(
    (['mona', 'nell', 'olga', 'pam'] as const).map((name) => portrait(name).resize(160).jpeg().toBuffer()),
  );
  for (let i = 0; i < count; i++) {
    await writeFile(
      join(folder, `${i}.jpg`),
      Buffer.concat([jpegs[i % jpegs.length]!, Buffer.from(`${count} ${i}`)]),
    );
  }
  return folder;
}
