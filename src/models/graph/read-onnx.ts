/** Reads the tensors and metadata of an ONNX file without running it. */

import { WhosinError } from '../../errors.ts';
import { varints, type WireField, wireFields } from './wire.ts';
import type { Tensor } from './writer.ts';

export interface OnnxFile {
  /** Throws `not-a-model` where the file has no float tensor of that name. */
  tensor(name: string): Tensor;
  has(name: string): boolean;
  metadata(key: string): string | undefined;
}

/** The numbers of fields in onnx.proto. */
const inModel = { graph: 7, opsetImport: 8, metadataProps: 14 } as const;
const inEntry = { key: 1, value: 2 } as const;
const inGraph = { initializer: 5 } as const;
const inTensor = { dims: 1, dataType: 2, name: 8, rawData: 9 } as const;
const float32 = 1;

interface StoredTensor {
  readonly shape: readonly number[];
  readonly dataType: number;
  readonly rawData: Uint8Array;
}

/** Throws `not-a-model` where the bytes are not ONNX. */
export function readOnnx(bytes: Uint8Array, file: string): OnnxFile {
  let model: ReturnType<typeof readModel>;
  try {
    model = readModel(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new WhosinError('not-a-model', `${file} is not a model file, or it is cut off.`, { cause: error });
  }
  const { tensors, entries, isModel } = model;
  // Zero bytes are a valid message, and so are many short ones: a model is one that has a graph.
  if (!isModel) throw new WhosinError('not-a-model', `${file} is not a model file: it holds no ONNX graph.`);
  return {
    tensor(name) {
      const found = tensors.get(name);
      if (found === undefined) throw new WhosinError('not-a-model', `${file} has no tensor "${name}".`);
      return floats(name, found, file);
    },
    has: (name) => tensors.has(name),
    metadata: (key) => entries.get(key),
  };
}

/** Throws RangeError. */
function readModel(bytes: Uint8Array): {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly entries: ReadonlyMap<string, string>;
  readonly isModel: boolean;
} {
  const fields = [...wireFields(bytes)];
  const tensors = new Map<string, StoredTensor>();
  for (const graph of messagesIn(fields, inModel.graph)) {
    for (const message of messagesIn(wireFields(graph), inGraph.initializer)) {
      const tensor = [...wireFields(message)];
      tensors.set(textIn(tensor, inTensor.name), {
        shape: tensor.flatMap(([field, value]) => {
          if (field !== inTensor.dims) return [];
          return typeof value === 'number' ? value : varints(value);
        }),
        dataType: tensor.findLast(([field]) => field === inTensor.dataType)?.[1] as number,
        rawData: messagesIn(tensor, inTensor.rawData).at(-1) ?? new Uint8Array(),
      });
    }
  }
  const entries = new Map<string, string>();
  for (const message of messagesIn(fields, inModel.metadataProps)) {
    const entry = [...wireFields(message)];
    const key = textIn(entry, inEntry.key);
    if (!entries.has(key)) entries.set(key, textIn(entry, inEntry.value));
  }
  const has = (wanted: number): boolean => messagesIn(fields, wanted).length > 0;
  return { tensors, entries, isModel: has(inModel.graph) && has(inModel.opsetImport) };
}

/** Throws RangeError where the field is a number. */
function messagesIn(fields: Iterable<WireField>, wanted: number): Uint8Array[] {
  return Array.from(fields).flatMap(([field, value]) => {
    if (field !== wanted) return [];
    if (typeof value === 'number') throw new RangeError(`field ${field} is a number`);
    return [value];
  });
}

function textIn(fields: readonly WireField[], wanted: number): string {
  return new TextDecoder().decode(messagesIn(fields, wanted).at(-1));
}

function floats(name: string, { shape, dataType, rawData }: StoredTensor, file: string): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  if (dataType !== float32 || rawData.byteLength !== size * 4 || shape.some((n) => !(n > 0))) {
    throw new WhosinError('not-a-model', `${file}: tensor "${name}" is not ${size} float32 values.`);
  }
  // Copied to where it is aligned. ONNX is little-endian, as is every machine that ONNX Runtime is built for.
  return { shape, data: new Float32Array(Uint8Array.from(rawData).buffer) };
}
