/**
 * The tutorial's lesson: people told apart by whole pictures (a retrained last layer) and by their faces, on the
 * same photos and the same splits. Every photo is asked about once, by models of the other four fifths.
 *
 *   npx tsx bench/face-versus-picture.ts FOLDER [MOBILENET]
 *
 * MOBILENET is a folder with the frozen_graph.pb of mobilenet_v1_0.25_224. A name is given from a probability of
 * 0.5 up, by either; a photo without a face counts as a mistake of the faces' likeliest name.
 */

import { readConfig } from '../src/config.ts';
import { readEvaluationPhotos } from '../src/faces/evaluate/evaluation-photos.ts';
import { askAboutPerson, findLabelledFaces } from '../src/faces/evaluate/labelled-faces.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { modelOfPhotos } from '../src/faces/people/chosen-examples.ts';
import { softmax } from '../src/learn/layer/head.ts';
import { logitsOf } from '../src/learn/layer/labelled-vectors.ts';
import { ranking } from '../src/learn/measure/classification-metrics.ts';
import type { Share } from '../src/learn/measure/intervals.ts';
import { enrolledOutcomes, type MeasuredProbe, rankOne } from '../src/learn/measure/metrics.ts';
import { cocoMobilenetV3 } from '../src/models/coco-mobilenet-v3.ts';
import type { PicturePack } from '../src/models/picture-pack.ts';
import { openCache } from '../src/photos/bottleneck-cache.ts';
import { dealByHash } from '../src/photos/folds.ts';
import { listLabelFolders } from '../src/photos/label-folders.ts';
import { readDataset } from '../src/photos/read-dataset.ts';
import { splitByHash } from '../src/photos/split.ts';
import { toOptimum } from '../src/pictures/fit-layer.ts';
import { fitPictureModel } from '../src/pictures/fit-model.ts';
import { sameSide } from '../src/pictures/picture-set.ts';
import { openPictureReader } from '../src/pictures/read-picture.ts';
import { range } from '../src/report/evaluate-numbers.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';
import { openComputation } from '../src/runtime/computation.ts';
import { mobilenet025 } from './support/mobilenet-pack.ts';
import { places, type Row, report } from './support/results.ts';

const parts = 5;
const minProbability = 0.5;
const [folder, mobilenet] = places;
if (folder === undefined) throw new Error('Usage: npx tsx bench/face-versus-picture.ts FOLDER [MOBILENET]');
const config = readConfig();
const cache = openCache(config.home, writeFileAtomically);
const { files, names: labels } = await listLabelFolders(folder);

const rows: Row[] = [];
let partOf: ReadonlyMap<string, number> | undefined;
for (const pack of [cocoMobilenetV3, ...(mobilenet === undefined ? [] : [mobilenet025(mobilenet)])]) {
  rows.push(row(`picture, \`${pack.name}\``, await askPictures(pack)));
}
rows.push(row('faces', await askFaces()));
await report('face-versus-picture', {
  title: `${files.length} photos of ${labels.length} people, each asked about by models of the other four fifths`,
  rows,
});

async function askPictures(pack: PicturePack): Promise<MeasuredProbe[]> {
  const reader = openPictureReader(pack, config);
  const { reading } = await readDataset(folder!, reader, cache);
  await reader.close();
  const photos = sameSide(reading.photos);
  const dealt = dealByHash(photos, parts);
  partOf ??= new Map(photos.map(({ sha256 }, i) => [sha256, dealt[i]!]));
  const open = (graph: Uint8Array): ReturnType<typeof openComputation> => openComputation(graph, config);
  const probes: MeasuredProbe[] = [];
  for (let part = 0; part < parts; part++) {
    const taught = photos.filter(({ sha256 }) => partOf!.get(sha256) !== part);
    const { training, validation } = splitByHash(taught, { validation: 0.2 });
    const { layers } = await fitPictureModel(training, [], validation, labels, toOptimum(open, true), open);
    for (const { sha256, label, bottleneck } of photos) {
      if (partOf.get(sha256) !== part) continue;
      const p = softmax(logitsOf(layers.head, bottleneck));
      const first = ranking(p)[0]!;
      const answer = {
        best: labels[first]!,
        probability: p[first]!,
        truth: p[labels.indexOf(label)]!,
        unknown: 0,
      };
      probes.push({ subject: label, enrolled: true, answer });
    }
  }
  return probes;
}

async function askFaces(): Promise<MeasuredProbe[]> {
  const faces = await openFaces({ config });
  const { reader, background, compute } = faces;
  const { people } = await readEvaluationPhotos({ root: folder! }, reader, cache);
  await faces.close();
  const photos = await findLabelledFaces(background, compute, people);
  const probes: MeasuredProbe[] = [];
  for (let part = 0; part < parts; part++) {
    const taught = photos.filter((photo) => partOf!.get(photo.sha256) !== part && photo.faces.length > 0);
    const model = await modelOfPhotos({ root: folder!, labels }, taught, background, reader.space, compute);
    const asked = photos.filter(({ sha256 }) => partOf!.get(sha256) === part);
    probes.push(...asked.flatMap((photo) => askAboutPerson(model, photo).probes));
  }
  return probes;
}

function row(by: string, probes: readonly MeasuredProbe[]): Row {
  const { right, wrong, unknown, noFace } = enrolledOutcomes(probes, minProbability);
  return {
    by,
    'right name': cell(right),
    'wrong name': cell(wrong),
    unknown: cell(unknown),
    'no face': cell(noFace),
    'likeliest name is right': cell(rankOne(probes)),
  };
}

function cell(share: Share | null): string {
  return share === null ? '–' : `${(share.value * 100).toFixed(1)} % ${range(share)}`;
}
