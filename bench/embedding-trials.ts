/**
 * Other ways from a face to its embedding, on one set of faces: each found once, then embedded in every way.
 *
 *   npx tsx bench/embedding-trials.ts LFW [EVERY=1]     # people of LFW, every EVERYth of them
 *
 * For each way: TAR of the cosine over all pairs, and of the odds of backgrounds fitted on the other half of the
 * people (mean of both halves).
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { dot } from '../src/core/embedding.ts';
import { detectFaces } from '../src/faces/find/detect.ts';
import { embedFaces } from '../src/faces/find/embed.ts';
import { findLandmarks } from '../src/faces/find/landmarks.ts';
import { chosenShrinkage } from '../src/learn/odds/background-fit.ts';
import { enrol, logLikelihoodRatio, project } from '../src/learn/odds/two-covariance.ts';
import { fitTwoCovariance, type Labelled } from '../src/learn/odds/two-covariance-fit.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import type { Alignment, FaceEmbedder } from '../src/models/face-pack.ts';
import { halvesByName } from '../src/photos/folds.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { openNetwork } from '../src/runtime/session.ts';
import { compute } from './support/compute.ts';

const [folder, every = '1'] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: npx tsx bench/embedding-trials.ts LFW [EVERY]');
const dlib: FaceEmbedder = faceApiPack.embedders[0]!;
const faceRes: FaceEmbedder = faceApiPack.embedders[1]!;
const byEyes = dlib.looks[0]!.alignment;
const byWholeFace = faceRes.looks[0]!.alignment;

const trials: Readonly<Record<string, readonly FaceEmbedder[]>> = {
  'as shipped': [dlib, faceRes],
  'dlib alone': [{ ...dlib, share: 1 }],
  'dlib alone, laid by the whole face': [
    { ...dlib, share: 1, looks: looks(padded(byWholeFace, 0.45, 0.25, 150)) },
  ],
  'dlib alone, without the mirror image': [{ ...dlib, share: 1, looks: dlib.looks.slice(0, 1) }],
  'dlib alone, larger, as it is and smaller': [
    { ...dlib, share: 1, looks: [0.2, 0.25, 0.3].flatMap((p) => looks(padded(byEyes, 0.25, p, 150))) },
  ],
  'faceres alone': [{ ...faceRes, share: 1 }],
  'faceres alone, laid by eyes and nose': [
    { ...faceRes, share: 1, looks: looks(padded(byEyes, 0.25, 0.45, 224)) },
  ],
  'faceres alone, padding 0.3': [{ ...faceRes, share: 1, looks: looks(padded(byWholeFace, 0.45, 0.3, 224)) }],
  'faceres alone, padding 0.6': [{ ...faceRes, share: 1, looks: looks(padded(byWholeFace, 0.45, 0.6, 224)) }],
  'half of it faceres': [
    { ...dlib, share: 0.5 },
    { ...faceRes, share: 0.5 },
  ],
  'a tenth of it faceres': [
    { ...dlib, share: 0.9 },
    { ...faceRes, share: 0.1 },
  ],
};

const config = readConfig();
const networks = await Promise.all(
  [faceApiPack.detector, faceApiPack.landmarks, dlib.network, faceRes.network].map((spec) =>
    openNetwork(spec, config),
  ),
);
const [detector, landmarker, ...embedding] = networks;
const faces = new Map(Object.keys(trials).map((name) => [name, [] as Labelled[]]));
const people = (await readdir(folder)).toSorted().filter((_, i) => i % Number(every) === 0);
for (const [i, person] of people.entries()) {
  if (i % 50 === 0) console.error(`${i}/${people.length} people`);
  for (const photo of (await readdir(join(folder, person))).toSorted()) {
    const { image } = await decodePhoto(await readFile(join(folder, person, photo)), photo);
    const [largest] = (await detectFaces(detector!, image)).toSorted((a, b) => b.box.width - a.box.width);
    if (!largest) continue;
    const [face] = await findLandmarks(landmarker!, faceApiPack.landmarkPoints, image, [largest]);
    for (const [name, way] of Object.entries(trials)) {
      const open = way.map((embedder) => ({
        ...embedder,
        network: embedding[embedder.network === dlib.network ? 0 : 1]!,
      }));
      const [values] = await embedFaces(open, faceApiPack.landmarkPoints, image, [face!.points]);
      faces.get(name)!.push({ person, values: values!, quality: face!.presence });
    }
  }
}
for (const network of networks) await network.close();

console.log(
  'way                                       cosine 1e-2   1e-3    1e-4   odds 1e-2    1e-3    1e-4',
);
for (const [name, all] of faces) {
  const cosine = tars(all, (a, b) => dot(a.values, b.values));
  const halves = halvesByName(all);
  const models = [
    await fitTwoCovariance(halves[1], chosenShrinkage, compute),
    await fitTwoCovariance(halves[0], chosenShrinkage, compute),
  ];
  const odds = models.map((model, i) => {
    const placed = new Map(halves[i]!.map((face) => [face, project(model, face.values)]));
    const templates = new Map(
      halves[i]!.map((face) => [face, enrol(model, [{ z: placed.get(face)!, quality: 1 }])]),
    );
    return tars(halves[i]!, (a, b) => logLikelihoodRatio(templates.get(a)!, placed.get(b)!));
  });
  const mean = odds[0]!.map((tar, k) => (tar + odds[1]![k]!) / 2);
  const text = [...cosine, ...mean].map((tar) => tar.toFixed(4).padStart(8)).join('');
  console.log(`${name.padEnd(42)} ${text}`);
}

/** TAR at FAR 1e-2, 1e-3, 1e-4 over all pairs. */
function tars(of: readonly Labelled[], score: (a: Labelled, b: Labelled) => number): number[] {
  const same: number[] = [];
  const different: number[] = [];
  for (const [i, a] of of.entries()) {
    for (const b of of.slice(0, i)) (a.person === b.person ? same : different).push(score(a, b));
  }
  const sorted = Float32Array.from(different).toSorted();
  return [1e-2, 1e-3, 1e-4].map((far) => {
    const threshold = sorted[sorted.length - 1 - Math.floor(far * sorted.length)]!;
    return same.filter((value) => value > threshold).length / same.length;
  });
}

function looks(alignment: Alignment): FaceEmbedder['looks'] {
  return [false, true].map((mirrored) => ({ alignment, mirrored }));
}

/** The same face with another padding, on another chip. */
function padded({ chip, points, targets }: Alignment, from: number, to: number, side: number): Alignment {
  const place = (v: number): number => (((v / chip) * (2 * from + 1) - from + to) / (2 * to + 1)) * side;
  return { chip: side, points, targets: targets.map(({ x, y }) => ({ x: place(x), y: place(y) })) };
}
