/** The words in which the commands describe a model. */

import type { FaceDetectorPack } from '../../models/face-detector-pack.ts';
import { embedderSpace, type FaceEmbedderPack, familyNames } from '../../models/face-embedder-pack.ts';
import { embedderSide } from '../../models/face-parts.ts';
import { type Ground, preparations } from '../../models/graph/picture-parts.ts';
import type { Pack } from '../../models/pack.ts';
import type { PictureGraph, PictureInput, PicturePack } from '../../models/picture-pack.ts';
import type { DoubtfulRange } from '../../packs/try-ranges.ts';
import { shown } from '../../report/words.ts';

/** As people call them. */
export const formatNames: Readonly<Record<PictureGraph['format'], string>> = {
  tensorflow: 'a frozen graph of TensorFlow',
  'tensorflow-js': 'a model of TensorFlow.js',
  'saved-model': 'a SavedModel of TensorFlow',
  keras: 'a .keras archive of Keras 3',
  'keras-hdf5': 'a Keras model in HDF5',
  tflite: 'a TensorFlow Lite model',
  onnx: 'an ONNX graph',
};

/** In one line. */
export function aboutPack(pack: Pack): string {
  if (pack.kind === 'picture') return aboutPicture(pack);
  const what =
    pack.kind === 'face-detector'
      ? 'finds faces, YuNet'
      : `faces, ${familyNames[pack.parts.family]}, ${pack.parts.size} values`;
  return `${what}; licence: ${shown(pack.licence)}`;
}

function aboutPicture({ input, scores, objects, bottleneck }: PicturePack): string {
  const labels = scores
    ? `${scores.labels.length} labels`
    : objects
      ? `${objects.labels.length} kinds of things`
      : 'no labels';
  const layer = bottleneck ? `bottleneck of ${bottleneck.size}` : 'not to be trained on';
  return `${input.width}×${input.height}, ${labels}, ${layer}`;
}

export function kindOf(pack: Pack): string {
  if (pack.kind === 'picture') return 'a model of whole pictures';
  if (pack.kind === 'face-detector') return 'a detector of faces, YuNet';
  return `an embedder of faces, ${familyNames[pack.parts.family]}`;
}

/** Facts that were read off its files, a line each, and the commands that can use it. */
export function detailsOf(pack: Pack): readonly string[] {
  const licence = `  licence     ${shown(pack.licence)}`;
  if (pack.kind === 'picture') return [...pictureDetails(pack), licence];
  if (pack.kind === 'face-detector') {
    const use = `Find faces with it: whosin train photos/ --detector ${pack.name} -o people.onnx`;
    return [detectorInput(pack), licence, use];
  }
  const use = `Train people with it: whosin train photos/ -m ${pack.name} -o people.onnx`;
  return [...embedderDetails(pack), licence, use];
}

function pictureDetails({ input, scores, bottleneck, grounds }: PicturePack): readonly string[] {
  const { node, width, height, preparation, crop } = input;
  const order = preparation.order === 'bgr' ? ', blue first' : '';
  const part = crop ? `, the middle of the photo${because(grounds?.crop)}` : '';
  const size = `${width}×${height}${because(grounds?.size)}`;
  const labels = scores
    ? `${shown(scores.node)}, ${scores.labels.length} labels${because(grounds?.labels)}${scores.logits ? ', a softmax put behind' : ''}`
    : 'none: it has no labels';
  const layer = bottleneck
    ? `${shown(bottleneck.nodes.join(', '))}, ${bottleneck.size} values`
    : 'none: it cannot be trained on';
  return [
    `  input       ${shown(node)}, ${size}, ${rangeOf(preparation)}${order}${because(grounds?.range)}${part}`,
    `  scores      ${labels}`,
    `  bottleneck  ${layer}`,
  ];
}

function detectorInput({ parts: { input, canvas } }: FaceDetectorPack): string {
  const size = canvas ? `tiles of ${canvas.width}×${canvas.height}` : 'photos of any size';
  return `  input       ${shown(input)}, ${size}, range 0..255, blue first`;
}

function embedderDetails({ parts, graph, reference }: FaceEmbedderPack): readonly string[] {
  const { input, output, size, preparation } = parts;
  const order = preparation.order === 'bgr' ? ', blue first' : '';
  const space = embedderSpace(parts, graph);
  return [
    `  input       ${shown(input)}, ${embedderSide}×${embedderSide}, ${rangeOf(preparation)}${order}`,
    `  embedding   ${shown(output)}, ${size} values, space ${space}`,
    `  odds        ${shown(reference)}`,
  ];
}

/** In brackets: where a fact comes from; nothing where it needs no reason. */
export function because(ground: Ground | undefined): string {
  if (ground === undefined || ground === 'file' || ground === 'given') return '';
  if (ground === 'guess') return ' (a guess)';
  return ground === 'metadata'
    ? ' (from the file beside it)'
    : ` (as ${ground.slice('family '.length)} has it)`;
}

/** A sentence about what was guessed, for whoever asks a file at once; nothing where nothing was. */
export function guessOf({ name, input, grounds }: PicturePack): string | undefined {
  const guesses = [
    ...(grounds?.size === 'guess' ? [`size ${input.width}x${input.height} (--size)`] : []),
    ...(grounds?.range === 'guess' ? [`${rangeOf(input.preparation)} (--range)`] : []),
  ];
  if (guesses.length === 0) return undefined;
  return `${shown(name)} does not tell everything about its pictures; a guess: ${guesses.join(', ')}.`;
}

/** A sentence about a guess that looks wrong. */
export function doubtOf({ name, input }: PicturePack, { label, same, others }: DoubtfulRange): string {
  const guess = `${shown(name)} gives ${same ? 'the same answer' : 'the label'}, ${shown(label)}, to all six photos that come with whosin, with ${rangeOf(input.preparation)}, which is a guess`;
  if (others.length === 0) return `${guess}; no other range changes that. Is it the right file?`;
  return `${guess}. With --range ${others.join(' or ')} it tells them apart: that may be the right one.`;
}

/** Names the range that pixels are brought to before the network. */
function rangeOf({ mean, scale }: PictureInput['preparation']): string {
  const range = Object.entries(preparations).find(
    ([, usual]) => JSON.stringify([usual.mean, usual.scale]) === JSON.stringify([mean, scale]),
  );
  return range ? `range ${range[0]}` : `mean ${mean.join(',')}, scale ${[scale].flat().join(',')}`;
}
