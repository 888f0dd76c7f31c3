/**
 * face-api on TensorFlow.js: the runtime that the weights were published for, and so the measure of the graphs
 * compiled from them.
 */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RgbImage } from '../../src/core/image.ts';
import type { PackagedNetwork } from '../../src/models/network.ts';

interface TfTensor {
  dataSync(): Float32Array;
}

interface TensorFlow {
  setWasmPaths(folder: string): void;
  setBackend(name: 'wasm'): Promise<boolean>;
  ready(): Promise<void>;
  tensor3d(data: Uint8Array, shape: readonly number[], type: 'int32'): TfTensor;
  readonly io: { decodeWeights(bytes: ArrayBuffer, manifest: readonly object[]): object };
}

type NetInput = object;

interface Net {
  loadFromWeightMap(weights: object): void;
}

/** The part of face-api that the tests use; its own types want the DOM. */
interface FaceApi {
  readonly tf: TensorFlow;
  toNetInput(pictures: readonly TfTensor[]): Promise<NetInput>;
  readonly nets: {
    readonly ssdMobilenetv1: Net & {
      forwardInput(input: NetInput): { readonly boxes: TfTensor[]; readonly scores: TfTensor[] };
    };
    readonly faceRecognitionNet: Net & { forwardInput(input: NetInput): TfTensor };
  };
}

const require = createRequire(import.meta.url);

export interface Reference {
  /** `boxes` as fractions of the canvas. */
  detect(
    spec: PackagedNetwork,
    pictures: readonly RgbImage[],
  ): Promise<{ readonly boxes: number[]; readonly scores: number[] }>;
  embed(spec: PackagedNetwork, pictures: readonly RgbImage[]): Promise<number[]>;
}

export async function openReference(): Promise<Reference> {
  const faceApi = require('@vladmandic/face-api/dist/face-api.node-wasm.js') as FaceApi;
  const { tf, nets } = faceApi;
  tf.setWasmPaths(`${dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm')))}/`);
  await tf.setBackend('wasm');
  await tf.ready();
  const inputOf = async (pictures: readonly RgbImage[]): Promise<NetInput> =>
    faceApi.toNetInput(
      pictures.map(({ data, width, height }) => tf.tensor3d(data, [height, width, 3], 'int32')),
    );
  const load = async (net: Net, spec: PackagedNetwork): Promise<void> => {
    const [listed, weights] = spec.files;
    const manifest = JSON.parse((await readPackaged(listed)).toString()) as { weights: object[] }[];
    const bytes = await readPackaged(weights);
    const own = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    net.loadFromWeightMap(tf.io.decodeWeights(own, manifest[0]!.weights));
  };
  return {
    async detect(spec, pictures) {
      await load(nets.ssdMobilenetv1, spec);
      const { boxes, scores } = nets.ssdMobilenetv1.forwardInput(await inputOf(pictures));
      return {
        boxes: boxes.flatMap((one) => Array.from(one.dataSync())),
        scores: scores.flatMap((one) => Array.from(one.dataSync())),
      };
    },
    async embed(spec, pictures) {
      await load(nets.faceRecognitionNet, spec);
      return [...nets.faceRecognitionNet.forwardInput(await inputOf(pictures)).dataSync()];
    },
  };
}

/** A file of an npm package, by what a pack says of it. */
export async function readPackaged(file: {
  readonly package: string;
  readonly path: string;
}): Promise<Buffer> {
  return readFile(fileURLToPath(new URL(`../../node_modules/${file.package}/${file.path}`, import.meta.url)));
}
