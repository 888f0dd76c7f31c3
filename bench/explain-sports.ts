/**
 * What do names hang on when people are told apart by whole pictures? Trains on FOLDER as `whosin train --on
 * picture` does, explains photos of each person that the model was not trained with, and writes one contact sheet a
 * person to OUT.
 *
 *   npx tsx bench/explain-sports.ts FOLDER OUT [N=4]
 *
 * Two figures of the maps: how much of the positive fall lies on the person's face (the box that the face detector
 * finds, twice as wide and high) beside the share of the picture that it is, and how fast the probability falls when cells are
 * covered in the order of the map, beside any order ("deletion": Petsiuk et al., RISE, BMVC 2018).
 */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import sharp from 'sharp';
import { heatMapOf } from '../src/cli/heat-map.ts';
import { readConfig } from '../src/config.ts';
import type { Box } from '../src/core/geometry.ts';
import type { RgbImage } from '../src/core/image.ts';
import { seededRandom } from '../src/core/random.ts';
import { readEvaluationPhotos } from '../src/faces/evaluation-photos.ts';
import { findLabelledFaces } from '../src/faces/labelled-faces.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { openCache } from '../src/learn/bottleneck-cache.ts';
import { readLabelledFolder } from '../src/learn/dataset.ts';
import { readDatasetPhotos } from '../src/learn/read-dataset.ts';
import { fitSoftmaxRegression } from '../src/learn/softmax-regression.ts';
import { splitInThree } from '../src/learn/split.ts';
import { cocoMobilenetV3 } from '../src/models/coco-mobilenet-v3.ts';
import { explain, meanColour, type OcclusionMap } from '../src/pictures/explain.ts';
import { classifierOf, type PictureClassifier } from '../src/pictures/open-classifier.ts';
import { sameSide } from '../src/pictures/picture-set.ts';
import { openPictureReader } from '../src/pictures/read-picture.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';
import { openComputation } from '../src/runtime/computation.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { drawHeatMaps } from '../src/runtime/draw-heat-map.ts';

const [folder, out, count = '4'] = process.argv.slice(2);
if (folder === undefined || out === undefined)
  throw new Error('Usage: npx tsx bench/explain-sports.ts FOLDER OUT [N]');
await mkdir(out, { recursive: true });
const config = readConfig();
const cache = openCache(config.home, writeFileAtomically);
const dataset = await readLabelledFolder(folder);
const { labels } = dataset;
const { classifier, questions } = await trained();
const faceOf = await labelledFaceBoxes();

const figures: {
  readonly onFace: number;
  readonly faceShare: number;
  readonly own: number;
  readonly any: number;
}[] = [];
for (const label of labels) {
  const sheets: Uint8Array[] = [];
  for (const { path } of questions.filter((photo) => photo.label === label).slice(0, Number(count))) {
    const { image, width } = await decodePhoto(await readFile(path), path);
    const map = await explain(image, (picture) => classifier.probabilities(picture), labels, label);
    sheets.push(
      await drawHeatMaps(image, [basename(path)], [heatMapOf(map, cocoMobilenetV3.name)], resolve(path)),
    );
    const box = faceOf.get(path);
    if (box === undefined) continue;
    const own = await deletion(image, map, orderOf(map));
    const any = await deletion(image, map, shuffled(map));
    figures.push({ ...shareOnFace(map, box, image.width / width), own, any });
    console.log(
      `${basename(path)}: P = ${map.probability.toFixed(2)}, ${percent(figures.at(-1)!.onFace)} of the fall on the face, which is ${percent(figures.at(-1)!.faceShare)} of the picture`,
    );
  }
  await writeFile(join(out, `${label}.jpg`), await contactSheet(sheets));
}
await classifier.close();
const mean = (of: (figure: (typeof figures)[number]) => number): number =>
  figures.reduce((sum, figure) => sum + of(figure), 0) / figures.length;
console.log(`\n${figures.length} photos that were not trained with, the right label explained`);
console.log(
  `share of the fall on the face: ${percent(mean((f) => f.onFace))}, of a picture's area: ${percent(mean((f) => f.faceShare))}`,
);
console.log(
  `mean probability while cells are covered in the order of the map: ${mean((f) => f.own).toFixed(3)}, in any order: ${mean((f) => f.any).toFixed(3)}`,
);

async function trained() {
  const reader = openPictureReader(cocoMobilenetV3, config);
  const reading = await readDatasetPhotos(dataset, reader, cache);
  await reader.close();
  const split = splitInThree(sameSide(reading.photos), { validation: 0.1, testing: 0.3 });
  const vectors = (of: typeof split.training) => ({
    inputs: of.map(({ bottleneck }) => bottleneck),
    labels: of.map(({ label }) => labels.indexOf(label)),
  });
  const { head } = await fitSoftmaxRegression(
    vectors(split.training),
    vectors(split.validation),
    labels.length,
    {
      open: (graph) => openComputation(graph, config),
      balanced: true,
    },
  );
  const model = { backbone: cocoMobilenetV3.name, space: reader.space, labels, head, report: null };
  return { classifier: classifierOf(model, 'sports', config), questions: split.testing } satisfies {
    readonly classifier: PictureClassifier;
    readonly questions: unknown;
  };
}

/** By path; in pixels of the file. */
async function labelledFaceBoxes(): Promise<ReadonlyMap<string, Box<'px'>>> {
  const { reader, background, close } = await openFaces({ config });
  const { people } = await readEvaluationPhotos({ root: folder! }, reader, cache);
  await close();
  return new Map(
    findLabelledFaces(background, people).flatMap(({ path, faces, choice }) =>
      choice === null ? [] : [[path, faces[choice.face]!.box] as const],
    ),
  );
}

function shareOnFace(
  { drops, cell }: OcclusionMap,
  box: Box<'px'>,
  scale: number,
): { onFace: number; faceShare: number } {
  const [left, top] = [box.left - box.width / 2, box.top - box.height / 2].map((side) => side * scale);
  const [right, bottom] = [left! + 2 * box.width * scale, top! + 2 * box.height * scale];
  const all = drops.flatMap((row, r) =>
    row.map((drop, c) => {
      const [x, y] = [(c + 0.5) * cell.width, (r + 0.5) * cell.height];
      return { fall: Math.max(0, drop), inside: x >= left! && x < right && y >= top! && y < bottom };
    }),
  );
  const inside = all.filter((one) => one.inside);
  const sum = (of: typeof all): number => of.reduce((total, { fall }) => total + fall, 0);
  return { onFace: sum(inside) / (sum(all) || 1), faceShare: inside.length / all.length };
}

function orderOf({ drops }: OcclusionMap): number[] {
  const flat = drops.flat();
  return flat.map((_, i) => i).toSorted((a, b) => flat[b]! - flat[a]!);
}

function shuffled({ drops }: OcclusionMap): number[] {
  const random = seededRandom(1);
  return drops
    .flat()
    .map((_, i) => ({ i, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ i }) => i);
}

/** Mean of the label's probability with a tenth to a half of the cells covered. */
async function deletion(image: RgbImage, map: OcclusionMap, order: readonly number[]): Promise<number> {
  const fill = meanColour(image);
  const columns = map.drops[0]!.length;
  let sum = 0;
  const shares = [0.1, 0.2, 0.3, 0.4, 0.5];
  for (const share of shares) {
    const gone = new Set(order.slice(0, Math.round(share * order.length)));
    const data = new Uint8Array(image.data);
    for (let y = 0; y < image.height; y++) {
      for (let x = 0; x < image.width; x++) {
        const at = Math.floor((y + 0.5) / map.cell.height) * columns + Math.floor((x + 0.5) / map.cell.width);
        if (gone.has(at)) data.set(fill, (y * image.width + x) * 3);
      }
    }
    sum += (await classifier.probabilities({ ...image, data }))[labels.indexOf(map.label)]!;
  }
  return sum / shares.length;
}

/** One below the other. */
async function contactSheet(sheets: readonly Uint8Array[]): Promise<Uint8Array> {
  const sizes = await Promise.all(sheets.map((sheet) => sharp(sheet).metadata()));
  const tops = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, { height }) => sum + height, 0));
  return sharp({
    create: {
      width: Math.max(...sizes.map(({ width }) => width)),
      height: sizes.reduce((sum, { height }) => sum + height, 0),
      channels: 3,
      background: '#16171b',
    },
  })
    .composite(sheets.map((sheet, i) => ({ input: Buffer.from(sheet), left: 0, top: tops[i]! })))
    .jpeg({ quality: 85 })
    .toBuffer();
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
