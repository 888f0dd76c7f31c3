/** Reads any of the formats that become a TensorFlow graph. Each reader is loaded when a file of its format comes. */

import { WhosinError } from '../../errors.ts';
import type { PictureGraph } from '../picture-pack.ts';
import type { TensorFlowGraph } from './tensorflow/tensorflow-graph.ts';

type Format = PictureGraph['format'];

export type ReadableFormat = Exclude<Format, 'onnx'>;

/** @param files the graph first; behind it those of its weights */
type Read = (files: readonly Uint8Array[], file: string) => Promise<TensorFlowGraph>;

const readers: { readonly [F in ReadableFormat]: Read } = {
  tensorflow: async ([graph], file) => {
    const { readGraphDef } = await import('./tensorflow/tensorflow-graph.ts');
    return readGraphDef(graph!, file);
  },
  'tensorflow-js': async ([json, ...weights], file) => {
    const { parseModelJson, readTfjsGraph } = await import('./tensorflow/tfjs-graph.ts');
    const text = new TextDecoder().decode(json);
    const model = parseModelJson(text, file);
    if (!isLayersModel(model.modelTopology)) return readTfjsGraph(text, Buffer.concat(weights), file);
    const { readLayersModel } = await import('./keras/layers-model.ts');
    return readLayersModel(model, Buffer.concat(weights), file);
  },
  'keras-hdf5': async ([bytes], file) => {
    const { readKerasHdf5 } = await import('./keras/keras-hdf5.ts');
    return readKerasHdf5(bytes!, file);
  },
  'saved-model': async (files, file) => {
    const { readSavedModel } = await import('./tensorflow/saved-model.ts');
    return readSavedModel(files, file);
  },
  tflite: async ([bytes], file) => {
    const { tfliteGraph } = await import('./tflite/tflite-graph.ts');
    return tfliteGraph(bytes!, file);
  },
  keras: async ([bytes], file) => {
    const { readKerasArchive } = await import('./keras/keras-archive.ts');
    return readKerasArchive(bytes!, file);
  },
};

/** Throws `not-a-model` or `bad-weights`, with the file and what is wrong with it. */
export function readGraph(
  format: Format,
  files: readonly Uint8Array[],
  file: string,
): Promise<TensorFlowGraph> {
  if (format !== 'onnx') return readers[format](files, file);
  throw new WhosinError('bad-weights', `${file} is an ONNX graph: it cannot be made part of another.`);
}

function isLayersModel(topology: unknown): boolean {
  return typeof topology === 'object' && topology !== null && !('node' in topology);
}
