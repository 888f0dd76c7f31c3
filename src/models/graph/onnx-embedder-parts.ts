/**
 * Reads off an ONNX file how it embeds faces. Two families agree on nearly everything: an aligned face of 112×112
 * pixels goes in, red first, and one list of values comes out. ArcFace as InsightFace writes it
 * (python-package/insightface/model_zoo/arcface_onnx.py) wants values from −1 to 1, unless its graph begins with a
 * Sub and a Mul of its own; SFace of OpenCV's zoo (modules/objdetect/src/face_recognize.cpp: scale 1, mean 0,
 * swapRB) wants 0 to 255.
 */

import { WhosinError } from '../../errors.ts';
import { type EmbedderParts, embedderSide } from '../face-parts.ts';
import { TensorProto_DataType as DataType, type GraphProto, type ValueInfoProto } from './onnx_pb.ts';
import { elementTypeOf, isPlanes, sizesOf } from './onnx-cut.ts';
import { preparations } from './picture-parts.ts';
import { parseOnnx } from './reader.ts';

/** SFace's; ArcFace's embedders give 512, small ones 256. */
const sfaceSize = 128;
const mostValues = 4096;

/** InsightFace looks at as many for a preparation inside the graph. */
const firstNodes = 8;

const float: number = DataType.FLOAT;

/** @throws WhosinError `not-a-model`, or `usage` if the file takes or gives something else */
export function embedderParts(bytes: Uint8Array, file: string): EmbedderParts {
  const graph = parseOnnx(bytes, file).graph!;
  const weights = new Set(graph.initializer.map(({ name }) => name));
  const [input, ...others] = graph.input.filter(({ name }) => !weights.has(name));
  const [output, ...more] = graph.output;
  const wanted = `an embedder of faces takes float [n, 3, ${embedderSide}, ${embedderSide}] and gives one list of values`;
  const no = (what: string): WhosinError => new WhosinError('usage', `${file} ${what}: ${wanted}.`);
  if (input === undefined || others.length > 0) throw no(`has ${input ? others.length + 1 : 0} inputs`);
  if (output === undefined || more.length > 0) throw no(`has ${output ? more.length + 1 : 0} outputs`);
  const [batch, ...sides] = sizesOf(input);
  const [channels, height, width] = isPlanes(input) ? sides : [sides[2], sides[0], sides[1]];
  if (elementTypeOf(input) !== float || channels !== 3 || height !== embedderSide || width !== embedderSide) {
    throw no(`takes ${described(input)}`);
  }
  const size = sizesOf(output)
    .slice(1)
    .reduce((a: number, b) => a * (b ?? Number.NaN), 1);
  const isList = sizesOf(output).length >= 2 && size >= 2 && size <= mostValues;
  if (elementTypeOf(output) !== float || !isList) throw no(`gives ${described(output)}`);
  const family = size === sfaceSize ? 'sface' : 'arcface';
  const raw = family === 'sface' || preparesItself(graph);
  return {
    family,
    input: input.name,
    output: output.name,
    size,
    batch: batch ?? 'n',
    preparation: preparations[raw ? '0..255' : '-1..1'],
  };
}

function preparesItself({ node }: GraphProto): boolean {
  const first = new Set(node.slice(0, firstNodes).map(({ opType }) => opType));
  return first.has('Sub') && (first.has('Mul') || first.has('Div'));
}

/** `"input" [n, 3, 224, 224]` */
function described(value: ValueInfoProto): string {
  const sizes = sizesOf(value).map((size) => size ?? 'n');
  const type = elementTypeOf(value) === float ? '' : ', not of floats';
  return `"${value.name}" [${sizes.join(', ')}]${type}`;
}
