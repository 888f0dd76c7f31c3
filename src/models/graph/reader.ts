/** Reads an ONNX file as its messages. */

import { fromBinary } from '@bufbuild/protobuf';
import { WhosinError } from '../../errors.ts';
import { type ModelProto, ModelProtoSchema } from './onnx_pb.ts';

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
