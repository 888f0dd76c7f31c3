/** Reads the tensors and metadata of an ONNX file without running it. */

import { fromBinary } from '@bufbuild/protobuf';
import { WhosinError } from '../../errors.ts';
import { type ModelProto, ModelProtoSchema, type TensorProto, TensorProto_DataType } from './onnx_pb.ts';
import type { Tensor } from './writer.ts';

export interface OnnxFile {
  /** Throws `not-a-model` where the file has no float tensor of that name. */
  tensor(name: string): Tensor;
  has(name: string): boolean;
  metadata(key: string): string | undefined;
}

/** The file as its messages; throws `not-a-model` where the bytes are not ONNX. */
export function parseOnnx(bytes: Uint8Array, file: string): ModelProto {
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    throw new WhosinError('not-a-model', `${file} is not a model file, or it is cut off.`, {
      cause: error,
    });
  }
  // Zero bytes are a valid message, and so are many short ones: a model is one that has a graph.
  if (model.graph === undefined || model.opsetImport.length === 0) {
    throw new WhosinError('not-a-model', `${file} is not a model file: it holds no ONNX graph.`);
  }
  return model;
}

/** Throws `not-a-model` where the bytes are not ONNX. */
export function readOnnx(bytes: Uint8Array, file: string): OnnxFile {
  const model = parseOnnx(bytes, file);
  const initializers = new Map(model.graph!.initializer.map((t) => [t.name, t]));
  return {
    tensor(name) {
      const found = initializers.get(name);
      if (found === undefined) throw new WhosinError('not-a-model', `${file} has no tensor "${name}".`);
      return floats(found, file);
    },
    has: (name) => initializers.has(name),
    metadata: (key) => model.metadataProps.find((entry) => entry.key === key)?.value,
  };
}

function floats(t: TensorProto, file: string): Tensor {
  const shape = t.dims.map(Number);
  const size = shape.reduce((a, b) => a * b, 1);
  const float: number = TensorProto_DataType.FLOAT;
  if (t.dataType !== float || t.rawData.byteLength !== size * 4 || shape.some((n) => !(n > 0))) {
    throw new WhosinError('not-a-model', `${file}: tensor "${t.name}" is not ${size} float32 values.`);
  }
  // Copied to where it is aligned. ONNX is little-endian, as is every machine that ONNX Runtime is built for.
  return { shape, data: new Float32Array(new Uint8Array(t.rawData).buffer) };
}
