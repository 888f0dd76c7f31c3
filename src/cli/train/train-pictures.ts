/** `whosin train --on picture`: folders of pictures of any kind become a model that tells them apart. */

import { basename, join } from 'node:path';
import type { Config } from '../../config.ts';
import { changesPhotos } from '../../core/distort.ts';
import { WhosinError } from '../../errors.ts';
import { cocoMobilenetV3 } from '../../models/coco-mobilenet-v3.ts';
import type { PicturePack } from '../../models/picture-pack.ts';
import { type BestBackbone, backbonesHere, bestBackbone } from '../../pictures/best-backbone.ts';
import type { CopyOptions } from '../../pictures/distorted-copies.ts';
import { exportPictureModel } from '../../pictures/export-model.ts';
import { bySteps, type FitPoint, toOptimum } from '../../pictures/fit-layer.ts';
import { openBackbone } from '../../pictures/open-model.ts';
import { writeFittingSummaries } from '../../pictures/tensorboard/training-summaries.ts';
import type { PictureTrainReport } from '../../pictures/train.ts';
import { savePictureModel, trainOnFolder } from '../../pictures/train-on-folder.ts';
import { classificationPage } from '../../report/classification-page.ts';
import { openPictures } from '../../report/evaluate-pictures.ts';
import { curveOfPoints } from '../../report/training-curve.ts';
import { count, shown } from '../../report/words.ts';
import { checkWritable, writeFileAtomically } from '../../runtime/atomic-file.ts';
import { checkModelPath, saveModel } from '../../runtime/model-path.ts';
import { err, note, print, warnNotKept } from '../terminal/output.ts';
import { progressBar } from '../terminal/progress.ts';
import { noteDoubts } from './doubts-text.ts';
import { sayBackbones, sayDataset, sayPictures, sayPoint, sayTest, sayTried } from './train-pictures-text.ts';

export interface TrainPicturesOptions {
  readonly output: string;
  readonly model?: string | undefined;
  /** All networks that are here are tried, and the best is taken. */
  readonly best: boolean;
  readonly export?: string | undefined;
  readonly report?: string | undefined;
  readonly summaries?: string | undefined;
  /** Percentages of the pictures. */
  readonly validation: number;
  readonly testing: number;
  readonly balanced: boolean;
  /** Stochastic gradient descent; to the optimum where left out. */
  readonly sgd?: { steps: number; learningRate: number; batchSize: number; interval: number; seed: number };
  readonly distortions: CopyOptions;
  readonly json: boolean;
}

/** @returns whether every file that should have been a picture could be read */
export async function trainOnPictures(
  folder: string,
  options: TrainPicturesOptions,
  config: Config,
): Promise<boolean> {
  const { output, export: full, report: page, summaries, sgd, distortions, json } = options;
  for (const path of [output, full]) if (path !== undefined) await checkModelPath(path);
  if (page !== undefined) await checkWritable(page);
  const say = json ? (): void => {} : print;
  const best = options.best ? await findBest(folder, options, config, say) : undefined;
  const backbone = best?.pack ?? (await openBackbone(options.model ?? cocoMobilenetV3.name, config));
  if (full !== undefined && !canBeExported(backbone)) {
    throw new WhosinError(
      'usage',
      `${backbone.name} came as ONNX: --export cannot join another graph to it.`,
    );
  }
  if (!best && options.model === undefined) sayBackbones(backbone, await backbonesHere(config), say);
  const onPoint = (point: FitPoint): void => sayPoint(point, say);
  const bar = progressBar('Reading pictures');
  const { model, report, pack } = await trainOnFolder(folder, {
    config,
    backbone: backbone.name,
    validation: options.validation / 100,
    testing: options.testing / 100,
    fit: (open) =>
      sgd
        ? bySteps({ ...sgd, evaluationInterval: sgd.interval }, onPoint)
        : toOptimum(open, options.balanced, onPoint),
    ...(changesPhotos(distortions) && { distortions }),
    onCacheFailure: warnNotKept,
    onDataset: (dataset) => {
      sayDataset(dataset, say);
      noteDoubts(dataset.doubts);
    },
    onProgress: (now, total = now) => bar.update(now, total),
    onPictures: (pictures) => {
      bar.stop();
      sayPictures(pictures, say);
      say('\nTraining');
    },
  }).finally(() => bar.stop());
  sayTest(report, say);
  await savePictureModel(output, model);
  say(`\nWrote ${output}: ${count(model.labels.length, 'label')} on ${pack.name}.`);
  if (full !== undefined) {
    await saveModel(full, await exportPictureModel(model, pack));
    say(`Wrote ${full}: picture in, probabilities out, for any ONNX runtime.`);
  }
  if (summaries !== undefined) {
    await writeFittingSummaries(summaries, report.points, () => Date.now() / 1000);
    note(`Wrote ${shown(summaries)}: look with tensorboard --logdir ${shown(summaries)}`);
  }
  if (page !== undefined) {
    await writeFileAtomically(page, await reportPage(folder, pack.name, report));
    note(`Wrote ${shown(page)}`);
  }
  if (json)
    print(
      JSON.stringify({
        schema: 1,
        output,
        backbone: pack.name,
        ...(best && { backbones: best.tried }),
        ...report,
      }),
    );
  return report.unreadable === 0;
}

async function findBest(
  folder: string,
  { testing, balanced, export: full }: TrainPicturesOptions,
  config: Config,
  say: (text?: string) => void,
): Promise<BestBackbone> {
  const bar = progressBar('Trying networks');
  say('Trying the networks that are here, on pictures that each layer has not seen');
  const best = await bestBackbone(folder, config, {
    testing: testing / 100,
    balanced,
    ...(full !== undefined && { wanted: canBeExported }),
    onCacheFailure: warnNotKept,
    onProgress: (now, total = now) => bar.update(now, total),
    onTried: (tried) => {
      bar.stop();
      sayTried(tried, say);
    },
    onFailed: (name, { message }) =>
      note(`${err.red('error:')} ${shown(name)} is left out: ${shown(message)}`),
  }).finally(() => bar.stop());
  say(`Best: ${shown(best.pack.name)}, the lowest cross-entropy\n`);
  return best;
}

function canBeExported({ graph }: PicturePack): boolean {
  return graph.format !== 'onnx';
}

function reportPage(folder: string, backbone: string, report: PictureTrainReport): Promise<string> {
  const { test, points, kept, skipped, labels } = report;
  const pictures = openPictures();
  const learnt = labels.reduce((sum, { training }) => sum + training, 0);
  const headline = `${shown(folder)}: a last layer on ${backbone}, learnt from ${count(learnt, 'picture')}, asked about ${count(test?.accuracy.of ?? 0, 'other')}`;
  return classificationPage(
    {
      title: `whosin: trained on ${shown(basename(folder))}`,
      headline,
      remarks: [],
      measured: test,
      curve: curveOfPoints(points, kept),
      skipped,
    },
    (path) => pictures.photo(join(folder, path)),
  );
}
