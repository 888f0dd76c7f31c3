/**
 * Compares networks of 8 bits with the same networks of 32 bits, on photos of faces.
 *
 *   npx tsx bench/eight-bits.ts FOLDER [photos=150]
 *   WHOSIN_WEIGHT_BITS=7 npx tsx bench/eight-bits.ts ...      as processors without VNNI have them, on whatever this is
 *
 * Boxes: how far the edges of the largest face that both detectors find lie apart, as a share of its longer side, and
 * how far its scores do. Embeddings: the cosine between both, of the same chips.
 */

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { readConfig } from '../src/config.ts';
import { dot } from '../src/core/embedding.ts';
import { iou } from '../src/core/geometry.ts';
import { type Detection, detectFaces } from '../src/faces/find/detect.ts';
import { embedFaces } from '../src/faces/find/embed.ts';
import { findLandmarks } from '../src/faces/find/landmarks.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import type { NetworkSpec } from '../src/models/network.ts';
import { walkPhotos } from '../src/photos/photo-files.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { weightBitsHere } from '../src/runtime/processor.ts';
import { type Network, openNetwork } from '../src/runtime/session.ts';
import { places, type Row, report } from './support/results.ts';

const [folder, most = '150'] = places;
if (folder === undefined) throw new Error('Usage: npx tsx bench/eight-bits.ts FOLDER [photos]');
const config = readConfig();
const bits = await weightBitsHere(config.weightBits);
const both = async ({ ranges, ...spec }: NetworkSpec): Promise<readonly [Network, Network]> =>
  Promise.all([openNetwork(spec, config), openNetwork(ranges ? { ...spec, ranges } : spec, config)]);
const detectors = await both(faceApiPack.detector);
const landmarker = await openNetwork(faceApiPack.landmarks, config);
const embedders = await Promise.all(
  faceApiPack.embedders.map(async (embedder) => ({ embedder, networks: await both(embedder.network) })),
);

const paths: string[] = [];
for await (const { path } of walkPhotos([folder])) paths.push(path);
const every = Math.max(1, Math.floor(paths.length / Number(most)));
const [moved, scores]: [number[], number[]] = [[], []];
const cosines = embedders.map((): number[] => []);
let lost = 0;
for (const path of paths.filter((_, i) => i % every === 0)) {
  const { image } = await decodePhoto(await readFile(path), path);
  const [exact, near] = await Promise.all(detectors.map((detector) => detectFaces(detector, image)));
  const face = exact!.toSorted((a, b) => b.box.width - a.box.width)[0];
  if (face === undefined) continue;
  const same = near!.find(({ box }) => iou(box, face.box) > 0.5);
  if (same === undefined) {
    lost++;
    continue;
  }
  moved.push(apart(face, same));
  scores.push(Math.abs(face.score - same.score));
  const [landmarks] = await findLandmarks(landmarker, faceApiPack.landmarkPoints, image, [face]);
  for (const [i, { embedder, networks }] of embedders.entries()) {
    const [one, other] = await Promise.all(
      networks.map(async (network) =>
        embedFaces([{ ...embedder, network, share: 1 }], faceApiPack.landmarkPoints, image, [
          landmarks!.points,
        ]),
      ),
    );
    cosines[i]!.push(dot(one![0]!, other![0]!));
  }
}
for (const network of [...detectors, landmarker, ...embedders.flatMap(({ networks }) => networks)]) {
  await network.close();
}

await report('eight-bits', {
  title: `${bits} bits beside 32: ${moved.length} faces of ${basename(folder)}, ${lost} more not found with ${bits}`,
  rows: [
    {
      difference: 'edges of the box, % of the side',
      ...spread(
        moved.map((share) => share * 100),
        2,
      ),
    },
    { difference: 'score', ...spread(scores, 4) },
    ...embedders.map(({ embedder }, i) => ({
      difference: `1 − cosine, ${embedder.network.name}`,
      ...spread(
        cosines[i]!.map((c) => 1 - c),
        5,
      ),
    })),
  ],
});

/** The mean distance of the four edges, by the longer side. */
function apart({ box: a }: Detection, { box: b }: Detection): number {
  const edges = [
    a.left - b.left,
    a.top - b.top,
    a.left + a.width - b.left - b.width,
    a.top + a.height - b.top - b.height,
  ];
  const mean = edges.reduce((sum, edge) => sum + Math.abs(edge), 0) / 4;
  return mean / Math.max(a.width, a.height);
}

function spread(values: readonly number[], digits: number): Row {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): string => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(digits);
  return { median: at(0.5), 'nine of ten are below': at(0.9), most: at(1) };
}
