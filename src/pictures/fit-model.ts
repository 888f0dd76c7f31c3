/** Fits a model of pictures: a calibrated layer, and the answer "none of these" if it got pictures for it. */

import type { Head } from '../learn/layer/head.ts';
import { type LabelledVectors, logitsOf } from '../learn/layer/labelled-vectors.ts';
import { fitNoneOfThese, type NoneOfThese } from '../learn/layer/none-of-these.ts';
import type { Fold } from '../learn/layer/softmax-regression.ts';
import { fitTemperature } from '../learn/layer/temperature.ts';
import type { OpenComputation } from '../models/graph/computation.ts';
import { dealByHash } from '../photos/folds.ts';
import type { SplitItem } from '../photos/split.ts';
import type { LabelledBottleneck } from './distorted-copies.ts';
import type { FitLayer, FitPoint } from './fit-layer.ts';
import { labelIndex } from './picture-set.ts';

export type Picture = SplitItem & LabelledBottleneck;

export interface Layers {
  readonly head: Head;
  readonly none?: NoneOfThese;
}

export interface FittedModel {
  readonly layers: Layers;
  readonly points: readonly FitPoint[];
  readonly kept: FitPoint;
  readonly temperature: number;
  /** The same on other pictures, without choosing anew. */
  readonly refit: (pictures: readonly Picture[], copies: readonly LabelledBottleneck[]) => Promise<Layers>;
}

/** Parts of the training pictures; each is asked about once by a layer that was fitted on the others. */
const parts = 5;

/** With fewer pictures to choose by, chance would choose: all are asked about then, part after part. */
const enoughToChooseBy = 200;

/** Fewer pictures of none of the labels than this say little about what else there is. */
const fewestOfNone = 10;

/** @param copies distorted ones of the training pictures; they are learnt from, and nothing is chosen by them */
export async function fitPictureModel(
  training: readonly Picture[],
  copies: readonly LabelledBottleneck[],
  validation: readonly Picture[],
  labels: readonly string[],
  fit: FitLayer,
  open: OpenComputation,
): Promise<FittedModel> {
  const vectors = (of: readonly LabelledBottleneck[]): LabelledVectors => vectorsOf(of, labels);
  const fewToChooseBy = validation.length < enoughToChooseBy;
  // If they are too few to choose by, nothing was chosen by them alone: they can be learnt from too.
  const taught = fewToChooseBy ? [...training, ...validation] : training;
  const held = { training: vectors([...training, ...copies]), validation: vectors(validation) };
  const folds = fewToChooseBy ? inParts(taught, copies, labels) : [held];
  const fitted = await fit({ ...held, folds }, labels.length);
  const head = fewToChooseBy ? await fitted.refit(vectors([...taught, ...copies])) : fitted.head;
  const temperature = await outOfPartTemperature(folds, fitted.refit);
  const layersOf = async (layer: Head, of: readonly Picture[]): Promise<Layers> => {
    const none = await noneOf(of, labels, open);
    return { head: divided(layer, temperature), ...(none && { none }) };
  };
  return {
    layers: await layersOf(head, taught),
    points: fitted.points,
    kept: fitted.kept,
    temperature,
    refit: async (pictures, more) => layersOf(await fitted.refit(vectors([...pictures, ...more])), pictures),
  };
}

/** Those of the labels; `unknown` is none of them. */
function vectorsOf(of: readonly LabelledBottleneck[], labels: readonly string[]): LabelledVectors {
  const own = of.filter(({ label }) => labels.includes(label));
  return {
    inputs: own.map(({ bottleneck }) => bottleneck),
    labels: own.map(({ label }) => labels.indexOf(label)),
  };
}

/** Each part is left out once; what was copied from its pictures is left out with it. */
export function inParts(
  pictures: readonly Picture[],
  copies: readonly LabelledBottleneck[],
  labels: readonly string[],
): readonly Fold[] {
  const vectors = (of: readonly LabelledBottleneck[]): LabelledVectors => vectorsOf(of, labels);
  const known = pictures.filter(({ label }) => labels.includes(label));
  const part = dealByHash(known, parts);
  const folds = Array.from({ length: parts }, (_, p): Fold => {
    const leftOut = known.filter((__, i) => part[i] === p);
    const paths = new Set(leftOut.map(({ path }) => path));
    const others = [...known, ...copies].filter(({ path }) => !paths.has(path));
    return { training: vectors(others), validation: vectors(leftOut) };
  });
  // A label whose pictures all lie in one part cannot be asked about.
  const whole = folds.filter(({ training }) => new Set(training.labels).size === labels.length);
  return whole.length > 0 ? whole : [{ training: vectors([...known, ...copies]), validation: vectors([]) }];
}

async function outOfPartTemperature(
  folds: readonly Fold[],
  refit: (examples: LabelledVectors) => Promise<Head>,
): Promise<number> {
  const logits: Float32Array[] = [];
  const right: number[] = [];
  for (const { training, validation } of folds) {
    if (validation.labels.length === 0) continue;
    const head = await refit(training);
    logits.push(...validation.inputs.map((input) => logitsOf(head, input)));
    right.push(...validation.labels);
  }
  return right.length < fewestToCalibrate ? 1 : fitTemperature(logits, right);
}

/** With fewer answers the temperature would follow chance. */
const fewestToCalibrate = 30;

async function noneOf(
  pictures: readonly Picture[],
  labels: readonly string[],
  open: OpenComputation,
): Promise<NoneOfThese | undefined> {
  const known = pictures.filter(({ label }) => labels.includes(label));
  const others = pictures.filter(({ label }) => !labels.includes(label));
  if (others.length < fewestOfNone) return undefined;
  const examples = {
    inputs: known.map(({ bottleneck }) => bottleneck),
    labels: known.map(({ label }) => labelIndex(labels, label)),
    parts: dealByHash(known, parts),
  };
  return fitNoneOfThese(
    examples,
    others.map(({ bottleneck }) => bottleneck),
    open,
  );
}

function divided({ weights, bias }: Head, temperature: number): Head {
  return { weights: weights.map((w) => w / temperature), bias: bias.map((b) => b / temperature) };
}
