/** Reads what an ONNX file tells about the pictures that it takes: in its metadata, and in what it does to them first. */

import { type Family, familyOf } from './families.ts';
import {
  TensorProto_DataType as DataType,
  type GraphProto,
  type ModelProto,
  type TensorProto,
} from './onnx_pb.ts';
import { isZipMap } from './onnx-labels.ts';
import { preparations } from './picture-parts.ts';
import { valuesBefore } from './tensorflow/own-preparation.ts';
import type { Preparation } from './tensorflow/preparation.ts';

/**
 * As Windows' machine learning and Custom Vision write it: the order of colours, and what a byte becomes.
 * https://github.com/onnx/onnx/blob/main/docs/MetadataProps.md
 */
export function writtenPreparation(model: ModelProto): Preparation | undefined {
  const order = metadata(model, 'Image.BitmapPixelFormat');
  const range = metadata(model, 'Image.NominalPixelRange');
  if (order === undefined && range === undefined) return undefined;
  const values = range === 'NominalRange_0_255' ? '0..255' : range === 'Normalized_1_1' ? '-1..1' : '0..1';
  return { ...preparations[values], ...(order?.startsWith('Bgr') && { order: 'bgr' as const }) };
}

/** By who exported it, or by the layers of networks that were converted from TensorFlow. */
export function onnxFamily(model: ModelProto): Family | undefined {
  const { node = [], initializer = [] } = model.graph ?? {};
  // Its own example divides by 255 unless the metadata tells otherwise.
  if (node.some(isZipMap)) return { name: 'Custom Vision', preparation: preparations['0..1'] };
  if (metadata(model, 'author') === 'Ultralytics') {
    return { name: 'Ultralytics', preparation: preparations['0..1'], crop: 'centre' };
  }
  return familyOf([...node, ...initializer].map(({ name }) => name));
}

/** Nothing if the first thing that the graph does is a layer. */
export function ownOnnxPreparation(
  { node, initializer }: GraphProto,
  input: string,
): Preparation | undefined {
  const constants = new Map(initializer.map((tensor) => [tensor.name, tensor]));
  for (const { opType, output, attribute } of node) {
    const tensor = opType === 'Constant' ? attribute.find(({ name }) => name === 'value')?.t : undefined;
    if (tensor) constants.set(output[0]!, tensor);
  }
  const steps: { readonly op: string; readonly by: number }[] = [];
  for (let at = input, i = 0; i < node.length; i++) {
    const readers = node.filter((each) => each.input.includes(at));
    const [reader] = readers;
    if (reader === undefined || readers.length > 1 || reader.output[0] === undefined) break;
    if (!handOn.has(reader.opType)) {
      const by = reader.input[0] === at ? meanOf(constants.get(reader.input[1] ?? '')) : undefined;
      if (by === undefined || !arithmetic.has(reader.opType)) break;
      steps.push({ op: reader.opType, by });
    }
    at = reader.output[0];
  }
  return valuesBefore(steps);
}

const handOn = new Set(['Cast', 'Identity', 'Transpose']);
const arithmetic = new Set(['Add', 'Div', 'Mul', 'Sub']);

/** The mean of a constant over the channels; nothing for what is no small list of floats. */
function meanOf(tensor: TensorProto | undefined): number | undefined {
  const float: number = DataType.FLOAT;
  if (tensor === undefined || tensor.dataType !== float) return undefined;
  const { rawData, floatData } = tensor;
  if (rawData.length > 16 || floatData.length > 4) return undefined;
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  const raw = Array.from({ length: rawData.length >> 2 }, (_, i) => view.getFloat32(i * 4, true));
  const values = raw.length > 0 ? raw : floatData;
  return values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length;
}

function metadata({ metadataProps }: ModelProto, wanted: string): string | undefined {
  return metadataProps.find(({ key }) => key === wanted)?.value;
}
