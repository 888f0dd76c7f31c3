/**
 * CPU time of `whosin identify` over 500 photos, the start included, beside the bare run time of its networks; one core.
 * Two sets: 500 photos of lfw-dev, 250 × 250 pixels, one face or a few; and all of sports-dev, up to 1,280 pixels with many faces in the
 * background, filled up to 500 with photos of cfp-dev, of all sizes.
 *
 *   npx tsx bench/beside-networks.ts [--quick]     under 3 minutes at rest; build first: whosin is dist/
 *
 * If more photos are there than are wanted, they are taken at even distances from the list by name. The people are
 * those of sports-dev. The networks are compiled, and nothing about the photos is cached.
 */

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { costOfNetworks } from './support/bare-networks.ts';
import { isQuick, type Row, report, runNode } from './support/results.ts';

const faces = resolve('../shared/data/faces');
const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'dist/cli/main.js');
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const home = join(scratch, 'home');
const model = join(scratch, 'people.onnx');
const wanted = isQuick ? 20 : 500;

try {
  const sports = await photosOf('sports-dev');
  const rows: Row[] = [];
  const sets = {
    'lfw-dev': spread(await photosOf('lfw-dev'), wanted),
    'sports-dev and cfp-dev': [
      ...spread(sports, wanted / 4),
      ...spread(await photosOf('cfp-dev'), wanted - Math.floor(wanted / 4)),
    ],
  };
  // The networks are compiled on the way.
  await runNode([main, 'train', join(faces, 'sports-dev'), '-o', model, '--validation-percentage', '0'], {
    env: { WHOSIN_HOME: home },
  });
  for (const [what, photos] of Object.entries(sets)) {
    const whole = await identify(photos);
    const networks = await costOfNetworks(root, join(scratch, 'runs'), (recorder, env) =>
      identify(photos, recorder, env),
    );
    const each = (seconds: number): string => ((seconds * 1000) / photos.length).toFixed(1);
    rows.push({
      photos: `${photos.length} of ${what}`,
      'CPU ms a photo': each(whole.cpu),
      'bare networks': each(networks.cpu),
      'times as much': (whole.cpu / networks.cpu).toFixed(2),
      'peak MB': Math.round(whole.peak),
    });
  }
  await report('beside-networks', { title: 'Identify beside its bare networks, one core', rows });
} finally {
  await rm(scratch, { recursive: true });
}

/** The photos of all folders in a folder, by their names. */
async function photosOf(folder: string): Promise<string[]> {
  const entries = await readdir(join(faces, folder), { recursive: true });
  return entries
    .filter((name) => name.endsWith('.jpg'))
    .toSorted()
    .map((name) => join(faces, folder, name));
}

function spread(photos: readonly string[], count: number): string[] {
  const step = Math.max(1, photos.length / count);
  return Array.from(
    { length: Math.min(Math.floor(count), photos.length) },
    (_, i) => photos[Math.floor(i * step)]!,
  );
}

async function identify(
  photos: readonly string[],
  recorder: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): ReturnType<typeof runNode> {
  for (const name of ['bottlenecks', 'seen']) await rm(join(home, name), { recursive: true, force: true });
  return runNode([...recorder, main, 'identify', '-', '-m', model, '--json'], {
    cores: 1,
    env: { WHOSIN_HOME: home, ...env },
    input: photos.join('\n'),
  });
}
