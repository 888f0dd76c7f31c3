/**
 * Shows which parts of photos lead to names if people are told apart by whole pictures. Trains on FOLDER as `whosin
 * train --on picture` does, explains photos of each person that the model was not trained with, and writes one contact
 * sheet a person to OUT.
 *
 *   npx tsx bench/explain-sports.ts FOLDER OUT [N=4]
 *
 * Two figures of the maps: how much of the fall lies on the face (what the face detector finds, and half as much
 * again around it), on the body (below, to two faces' widths each side) and elsewhere, beside the share of the
 * picture that each is; and how fast the probability falls when cells are covered in the order of the map, beside a
 * random order ("deletion": Petsiuk et al., RISE, BMVC 2018).
 */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import sharp from 'sharp';
import { heatMapOf } from '../src/cli/classify/heat-map.ts';
import { readConfig } from '../src/config.ts';
import type { Box } from '../src/core/geometry.ts';
import type { RgbImage } from '../src/core/image.ts';
import { seededRandom } from '../src/core/random.ts';
import { readEvaluationPhotos } from '../src/faces/evaluate/evaluation-photos.ts';
import { findLabelledFaces } from '../src/faces/evaluate/labelled-faces.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { chooseStrength, fitAtStrength } from '../src/learn/layer/softmax-regression.ts';
import { cocoMobilenetV3 } from '../src/models/coco-mobilenet-v3.ts';
import { openCache } from '../src/photos/bottleneck-cache.ts';
import { listLabelFolders } from '../src/photos/label-folders.ts';
import { readDataset } from '../src/photos/read-dataset.ts';
import { splitInThree } from '../src/photos/split.ts';
import { openTrainedModel, type ProbableClassifier } from '../src/pictures/classifier.ts';
import { explain, meanColour, type OcclusionMap } from '../src/pictures/explain.ts';
import { sameSide } from '../src/pictures/picture-set.ts';
import { openPictureReader } from '../src/pictures/read-picture.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';
import { openComputation } from '../src/runtime/computation.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { drawHeatMaps } from '../src/runtime/draw-heat-map.ts';
import { places as positionals, report } from './support/results.ts';

const [folder, out, count = '4'] = positionals;
if (folder === undefined || out === undefined)
  throw new Error('Usage: npx tsx bench/explain-sports.ts FOLDER OUT [N]');
await mkdir(out, { recursive: true });
const config = readConfig();
const cache = openCache(config.home, writeFileAtomically);
const { names: labels } = await listLabelFolders(folder);
const { classifier, questions } = await trained();
const faceOf = await labelledFaceBoxes();

const parts = ['face', 'body', 'elsewhere'] as const;
type Part = (typeof parts)[number];
type Shares = Readonly<Record<Part, { readonly fall: number; readonly area: number }>>;
const figures: { readonly shares: Shares; readonly own: number; readonly any: number }[] = [];
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
    const shares = sharesOf(map, box, image.width / width);
    // A portrait is all face, and a map without a fall has no places: neither tells the face from the rest.
    if (shares.face.area > 0.5 || !map.drops.flat().some((drop) => drop > 0)) continue;
    const own = await deletion(image, map, orderOf(map));
    const any = await deletion(image, map, shuffled(map));
    figures.push({ shares, own, any });
    console.log(`${basename(path)}: P = ${map.probability.toFixed(2)}, ${told((part) => shares[part])}`);
  }
  await writeFile(join(out, `${label}.jpg`), await contactSheet(sheets));
}
await classifier.close();
const mean = (of: (figure: (typeof figures)[number]) => number): number =>
  figures.reduce((sum, figure) => sum + of(figure), 0) / figures.length;
await report('explain-sports', {
  title: `Parts of ${figures.length} photos of ${basename(resolve(folder))} that lead to a name`,
  rows: parts.map((part) => ({
    part,
    'share of the fall': percent(mean((f) => f.shares[part].fall)),
    'share of the picture': percent(mean((f) => f.shares[part].area)),
  })),
  notes: [
    `Mean probability of the name while a tenth to a half of the cells are covered in the order of the map: ${mean((f) => f.own).toFixed(3)}; in a random order: ${mean((f) => f.any).toFixed(3)}.`,
  ],
});

async function trained() {
  const reader = openPictureReader(cocoMobilenetV3, config);
  const { reading } = await readDataset(folder!, reader, cache);
  await reader.close();
  const split = splitInThree(sameSide(reading.photos), { validation: 0.1, testing: 0.3 });
  const vectors = (of: typeof split.training) => ({
    inputs: of.map(({ bottleneck }) => bottleneck),
    labels: of.map(({ label }) => labels.indexOf(label)),
  });
  const options = { open: (graph: Uint8Array) => openComputation(graph, config), balanced: true };
  const taught = vectors(split.training);
  const folds = [{ training: taught, validation: vectors(split.validation) }];
  const { l2 } = await chooseStrength(folds, labels.length, options);
  const head = await fitAtStrength(taught, labels.length, l2, options);
  const model = { backbone: cocoMobilenetV3.name, space: reader.space, labels, head, report: null };
  return {
    classifier: openTrainedModel(model, 'sports', cocoMobilenetV3, config),
    questions: split.testing,
  } satisfies {
    readonly classifier: ProbableClassifier;
    readonly questions: unknown;
  };
}

/** By path; in pixels of the file. */
async function labelledFaceBoxes(): Promise<ReadonlyMap<string, Box<'px'>>> {
  const faces = await openFaces({ config });
  const { people } = await readEvaluationPhotos({ root: folder! }, faces.reader, cache);
  await faces.close();
  const labelled = await findLabelledFaces(faces.background, faces.compute, people);
  return new Map(
    labelled.flatMap(({ path, faces: found, choice }) =>
      choice === null ? [] : [[path, found[choice.face]!.box] as const],
    ),
  );
}

/** The fall below 0 does not count: what is covered there spoke for another label. */
function sharesOf({ drops, cell }: OcclusionMap, box: Box<'px'>, scale: number): Shares {
  const [faceWidth, faceHeight] = [box.width * scale, box.height * scale];
  const [x0, y0] = [box.left * scale + faceWidth / 2, box.top * scale + faceHeight / 2];
  const partOf = (x: number, y: number): Part => {
    if (Math.abs(x - x0) < 0.75 * faceWidth && Math.abs(y - y0) < 0.75 * faceHeight) return 'face';
    const below = y - y0 > 0.5 * faceHeight && y - y0 < 5 * faceHeight;
    return below && Math.abs(x - x0) < 2 * faceWidth ? 'body' : 'elsewhere';
  };
  const cells = drops.flatMap((row, r) =>
    row.map((drop, c) => ({
      fall: Math.max(0, drop),
      part: partOf((c + 0.5) * cell.width, (r + 0.5) * cell.height),
    })),
  );
  const all = cells.reduce((sum, { fall }) => sum + fall, 0) || 1;
  const shareOf = (part: Part): Shares[Part] => {
    const own = cells.filter((one) => one.part === part);
    return { fall: own.reduce((sum, { fall }) => sum + fall, 0) / all, area: own.length / cells.length };
  };
  return { face: shareOf('face'), body: shareOf('body'), elsewhere: shareOf('elsewhere') };
}

function told(of: (part: Part) => Shares[Part]): string {
  return parts
    .map((part) => `${percent(of(part).fall)} on ${part} (${percent(of(part).area)} of the picture)`)
    .join(', ');
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
