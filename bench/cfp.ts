/**
 * Celebrities in Frontal-Profile: pairs of two frontal photos (FF), and of a frontal one and a profile (FP). The threshold of each
 * set is chosen on the other sets; a pair with a face that was not found counts as an error.
 *
 *   npx tsx bench/cfp.ts FOLDER [--detector=FILE]
 *
 * FOLDER holds `<person>/{frontal,profile}/*.jpg` and `pairs.tsv` (protocol, set, same, a, b). Two scores: the cosine of the
 * embeddings, and the odds of the shipped background, which has seen nobody of this set.
 */

import { readFile } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import { readConfig } from '../src/config.ts';
import { photoReader } from '../src/faces/find/read-album.ts';
import { openFaceReader } from '../src/faces/find/read-faces.ts';
import { centralFace, type ReferencePhoto } from '../src/faces/packs/reference-photos.ts';
import { loadBackground } from '../src/faces/people/background-file.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import { openCache } from '../src/photos/bottleneck-cache.ts';
import { listLabelFolders } from '../src/photos/label-folders.ts';
import { readOnce } from '../src/photos/read-dataset.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';
import { benchPack, withWhich } from './support/detector-pack.ts';
import { accuraciesOf, bestThreshold, meanOf, type ScoredPair } from './support/pair-accuracy.ts';
import { scorer } from './support/pair-odds.ts';
import { places, type Row, report } from './support/results.ts';

const [folder] = places;
if (folder === undefined) throw new Error('Usage: npx tsx bench/cfp.ts FOLDER [--detector=FILE]');
const config = readConfig();
const reader = openFaceReader(benchPack, config);
const { files } = await listLabelFolders(folder);
const contents = await readOnce(files, photoReader(reader), openCache(config.home, writeFileAtomically));
await reader.close();
// A few photos are in the set twice: pairs name both.
const photos = files.flatMap(({ path, label }): readonly ReferencePhoto[] => {
  const content = contents.get(path);
  if (content?.kind !== 'photo') return [];
  const central = centralFace(content.photo);
  return [{ ...content.photo, path, sha256: content.sha256, person: label, nearest: central, central }];
});
const byName = new Map(photos.map((photo) => [relative(folder, photo.path), photo]));
const lines = (await readFile(`${folder}/pairs.tsv`, 'utf8')).trim().split('\n').slice(1);
const pairs = lines.map((line) => {
  const [protocol, set, same, a, b] = line.split('\t') as [string, string, string, string, string];
  return { protocol, set, same: same === '1', photos: [byName.get(a), byName.get(b)] as const };
});
const scores = { cosine: scorer(), odds: scorer(await loadBackground(faceApiPack)) };
const rows: Row[] = [];
for (const protocol of ['FF', 'FP']) {
  const own = pairs.filter((pair) => pair.protocol === protocol);
  const sets = [...new Set(own.map(({ set }) => set))].map((set) => own.filter((pair) => pair.set === set));
  const lost = own.filter((pair) => pair.photos.some((photo) => !photo?.central)).length;
  for (const [name, score] of Object.entries(scores)) {
    const scored = sets.map((set) =>
      set.map(
        ({ photos: [a, b], same }): ScoredPair => ({
          score: a && b ? score(a, b) : Number.NEGATIVE_INFINITY,
          same,
        }),
      ),
    );
    const accuracies = accuraciesOf(scored, bestThreshold);
    rows.push({
      pairs: protocol === 'FF' ? 'two frontal' : 'frontal and profile',
      score: name,
      accuracy: percent(meanOf(accuracies)),
      sets: accuracies.map(percent).join(', '),
      'pairs without a face': `${lost} of ${own.length}`,
    });
  }
}
const found = (kind: string): string => {
  const own = photos.filter(({ path }) => path.includes(`/${kind}/`));
  const clear = own.filter(({ central }) => (central?.quality ?? 0) >= 0.5);
  return `${kind}: ${count(own, ({ central }) => central !== null)} of ${own.length} with a face over the middle, ${clear.length} with a presence of 0.5 or more.`;
};
await report('cfp', {
  title: `Pairs of ${basename(folder)}${withWhich}`,
  rows,
  notes: [found('frontal'), found('profile')],
});

function count(of: readonly ReferencePhoto[], which: (photo: ReferencePhoto) => boolean): number {
  return of.filter(which).length;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
