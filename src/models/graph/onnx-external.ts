/** Weights of ONNX files that lie in files beside them, as PyTorch writes large models. */

import { WhosinError } from '../../errors.ts';
import type { GraphProto, ModelProto, TensorProto } from './onnx_pb.ts';

/** TensorProto.DataLocation.EXTERNAL */
const inAnotherFile = 1;

/** Paths below the folder of the model, in the order in which they are named; throws `bad-weights` for others. */
export function externalFiles(model: ModelProto, file: string): readonly string[] {
  const paths = tensorsOf(model.graph).map((tensor) => placeOf(tensor).location);
  for (const path of new Set(paths)) {
    if (path.split('/').every((part) => !/^\.*$|[\\:\0]/.test(part))) continue;
    throw WhosinError.about('bad-weights', file, `has weights in a file outside its folder ("${path}")`);
  }
  return [...new Set(paths)];
}

/**
 * Puts the weights into the model itself.
 *
 * @param data of the external files, in their order
 * @throws WhosinError `bad-weights` if one ends before its weights
 */
export function takeIn(model: ModelProto, data: readonly Uint8Array[], file: string): void {
  const paths = externalFiles(model, file);
  for (const tensor of tensorsOf(model.graph)) {
    const { location, offset, length } = placeOf(tensor);
    const bytes = data[paths.indexOf(location)];
    const end = length === undefined ? bytes?.length : offset + length;
    if (bytes === undefined || end === undefined || !(offset >= 0 && end >= offset && end <= bytes.length)) {
      const reason = `has weights in ${location}, which is missing or ends before "${tensor.name}"`;
      throw WhosinError.about('bad-weights', file, reason);
    }
    tensor.rawData = bytes.subarray(offset, end);
    tensor.dataLocation = 0;
    tensor.externalData = [];
  }
}

function tensorsOf(graph: GraphProto | undefined): readonly TensorProto[] {
  return (graph?.initializer ?? []).filter(({ dataLocation }) => dataLocation === inAnotherFile);
}

interface Place {
  readonly location: string;
  readonly offset: number;
  readonly length: number | undefined;
}

function placeOf({ externalData }: TensorProto): Place {
  const of = (name: string): string | undefined => externalData.find(({ key }) => key === name)?.value;
  const length = of('length');
  return {
    location: of('location') ?? '',
    offset: Number(of('offset') ?? 0),
    length: length === undefined ? undefined : Number(length),
  };
}
