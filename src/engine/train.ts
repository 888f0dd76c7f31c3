/** RECIPE: folders of photos become a model file, with what it is worth and the pictures of its mistakes. */

import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { stopIfAborted } from '../errors.ts';
import { savePeopleModel } from '../faces/people/people-model.ts';
import { faceApiPack } from '../models/face-api.ts';
import type { Whosin } from '../open-whosin.ts';
import { bySteps, type FitLayer, type FitPoint, toOptimum } from '../pictures/fit-layer.ts';
import { savePictureModel, trainOnFolder } from '../pictures/train-on-folder.ts';
import type { TrainingReportJson } from '../report/schema/training-schema.ts';
import { photoThumbnail } from '../report/thumbnails.ts';
import {
  fitPointJson,
  peopleTrainingJson,
  pictureTrainingJson,
  triedHeadJson,
} from '../report/training-json.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import type { Input, TrainProgress } from './messages.ts';

interface How {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TrainProgress) => void;
}

/** Those of retrain.py, besides the number of steps. */
const descent = { learningRate: 0.01, batchSize: 100, seed: 0 } as const;

/** Points of a curve, about: more cannot be seen. */
const mostPoints = 200;

/** Pixels of the longer side. */
const pictureSide = 320;

export async function trainFolder(
  whosin: Whosin,
  config: Config,
  input: Input<'train'>,
  how: How,
): Promise<TrainingReportJson> {
  const report = await (input.on === 'people'
    ? trainPeople(whosin, input, how)
    : trainPictures(config, input, how));
  for (const [i, { path }] of report.mistakes.entries()) {
    stopIfAborted(how.signal);
    const picture = await photoThumbnail(join(input.folder, path), pictureSide).catch(() => undefined);
    // A photo that is gone since it was read has no picture.
    if (picture) await writeFileAtomically(join(input.pictures, `${i}.jpg`), picture);
  }
  return report;
}

async function trainPeople(
  whosin: Whosin,
  { folder, file }: Input<'train'>,
  { signal, onProgress }: How,
): Promise<TrainingReportJson> {
  let tried = 0;
  const { model, report } = await whosin.train(folder, {
    signal,
    onProgress: (done, total = 0) => onProgress({ stage: 'read', done, total }),
    onWork: (stage, done, total) => onProgress({ stage, done, total }),
    onTried: (head) => onProgress({ stage: 'fit', done: ++tried, total: 0, point: triedHeadJson(head) }),
  });
  await savePeopleModel(file, model);
  const licences = faceApiPack.embedders.map(({ network }) => network.licence);
  return peopleTrainingJson(report, model, {
    network: faceApiPack.name,
    licence: [...new Set(licences)].join('; '),
  });
}

async function trainPictures(
  config: Config,
  { folder, file, network, steps }: Input<'train'>,
  { signal, onProgress }: How,
): Promise<TrainingReportJson> {
  const most = steps ?? 0;
  let last = 0;
  const onPoint = (point: FitPoint): void => {
    last = steps === null ? last + 1 : point.steps;
    onProgress({ stage: 'fit', done: last, total: most, point: fitPointJson(point) });
  };
  const onLook = async (): Promise<void> => {
    // Messages that wait, such as one to stop, are read in the next turn.
    await turn();
    stopIfAborted(signal);
    if (last === most) onProgress({ stage: 'calibrate', done: 0, total: 0 });
  };
  const { model, report, pack } = await trainOnFolder(folder, {
    config,
    signal,
    ...(network !== null && { backbone: network }),
    onProgress: (done, total = 0) => onProgress({ stage: 'read', done, total }),
    fit: (open): FitLayer =>
      steps === null
        ? toOptimum(open, true, onPoint)
        : bySteps({ ...descent, steps, evaluationInterval: Math.ceil(steps / mostPoints) }, onPoint, onLook),
  });
  await savePictureModel(file, model);
  return pictureTrainingJson(report, { network: pack.name, licence: pack.licence });
}
