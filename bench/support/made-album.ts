/**
 * A folder of people as large as a benchmark wants it, all of it cached: files that hold nothing but their number, and
 * faces for them in the cache, drawn from the background that ships. People and photos are as alike as there; how many
 * photos people have is as uneven as in Labeled Faces in the Wild, and some photos show somebody else too.
 */

import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inverse, Matrix } from 'ml-matrix';
import { seededRandom } from '../../src/core/random.ts';
import { encodePhotoFaces, type Face } from '../../src/faces/find/face.ts';
import type { Faces } from '../../src/faces/open-faces.ts';
import type { TwoCovariance } from '../../src/learn/odds/two-covariance.ts';
import { drawPerson, drawPhoto, seededNormal } from '../../test/synthetic-people.ts';

export interface AlbumSize {
  readonly people: number;
  readonly photos: number;
}

/** Share of the photos that show a second face, and of the faces that are unclear; about those of LFW. */
const [beside, unclear] = [0.14, 0.02];

export async function makeAlbum(root: string, { people, photos }: AlbumSize, faces: Faces): Promise<void> {
  const { background, cache, reader, pack } = faces;
  const [normal, random] = [seededNormal(people), seededRandom(photos)];
  const embed = embedderOf(background);
  const faceOf = (place: Float32Array, left: number): Face => ({
    box: { left, top: 75, width: 90, height: 90 },
    score: 0.99,
    quality: random() < unclear ? random() : 1,
    landmarks: [],
    embedding: { space: pack.space, values: embed(drawPhoto(place, normal)) },
  });
  let number = 0;
  for (const [p, count] of photosOf({ people, photos }).entries()) {
    const place = drawPerson(background, normal);
    const folder = join(root, `person ${String(p).padStart(5, '0')}`);
    await mkdir(folder, { recursive: true });
    for (let i = 0; i < count; i++) {
      const bytes = Buffer.from(`photo ${number++}`);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const others = random() < beside ? [faceOf(drawPerson(background, normal), 5)] : [];
      const photo = {
        width: 250,
        height: 250,
        // Hashes of noise: no two are near-duplicates.
        perceptualHash: sha256.slice(0, 16),
        faces: [faceOf(place, 80), ...others],
      };
      await cache.put(reader.recipe, sha256, encodePhotoFaces(photo));
      await writeFile(join(folder, `${i}.jpg`), bytes);
    }
  }
}

/** Seven of ten people have one photo; of the others the first has the most, the n-th a (n^0.8)-th of them, at least 2. */
export function photosOf({ people, photos }: AlbumSize): number[] {
  const several = Math.round(0.29 * people);
  const left = photos - (people - several);
  const counts = (most: number): number[] =>
    Array.from({ length: several }, (_, n) => Math.max(2, Math.round(most / (n + 1) ** 0.8)));
  let most = 2;
  while (counts(most + 1).reduce((a, b) => a + b, 0) <= left) most++;
  return [...counts(most), ...Array<number>(people - several).fill(1)];
}

/** From the coordinates of the background back to embeddings: the shortest vector that lies there. */
export function embedderOf({ mean, basis, between }: TwoCovariance): (z: Float32Array) => Float32Array {
  // The last coordinate is the crowd's, and follows from the others.
  const [d, k] = [mean.length, between.length - 1];
  const b = new Matrix(d, k);
  for (let i = 0; i < d; i++) for (let j = 0; j < k; j++) b.set(i, j, basis[i * (k + 1) + j]!);
  const back = inverse(b.transpose().mmul(b)).mmul(b.transpose()).to2DArray();
  return (z) => {
    const out = Float32Array.from(mean);
    for (let j = 0; j < k; j++) {
      const row = back[j]!;
      for (let i = 0; i < d; i++) out[i]! += z[j]! * row[i]!;
    }
    return out;
  };
}
