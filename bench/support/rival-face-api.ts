/** @vladmandic/face-api on TensorFlow.js WASM, as its README has it: SSD MobileNet v1, 68 landmarks, descriptor, FaceMatcher. */

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beRival, packageFolder, wasmFolder } from './rival.ts';

interface Tensor {
  dispose(): void;
}

interface Net {
  loadFromDisk(folder: string): Promise<void>;
}

interface Described {
  readonly detection: { readonly box: { readonly area: number } };
  readonly descriptor: Float32Array;
}

/** The part that is used; its own types want the DOM. */
interface FaceApi {
  readonly tf: {
    setWasmPaths(folder: string): void;
    setBackend(name: 'wasm'): Promise<boolean>;
    ready(): Promise<void>;
    tensor3d(data: Uint8Array, shape: readonly number[], type: 'int32'): Tensor;
  };
  readonly nets: Readonly<Record<'ssdMobilenetv1' | 'faceLandmark68Net' | 'faceRecognitionNet', Net>>;
  readonly SsdMobilenetv1Options: new (options: { readonly minConfidence: number }) => object;
  readonly LabeledFaceDescriptors: new (label: string, descriptors: readonly Float32Array[]) => object;
  readonly FaceMatcher: new (
    known: readonly object[],
    maxDistance: number,
  ) => { findBestMatch(descriptor: Float32Array): { readonly label: string } };
  detectAllFaces(
    image: Tensor,
    options: object,
  ): { withFaceLandmarks(): { withFaceDescriptors(): Promise<readonly Described[]> } };
}

await beRival(async () => {
  const faceApi = createRequire(import.meta.url)(
    '@vladmandic/face-api/dist/face-api.node-wasm.js',
  ) as FaceApi;
  const { tf, nets } = faceApi;
  tf.setWasmPaths(wasmFolder);
  await tf.setBackend('wasm');
  await tf.ready();
  const folder = join(packageFolder('@vladmandic/face-api'), 'model');
  for (const net of ['ssdMobilenetv1', 'faceLandmark68Net', 'faceRecognitionNet'] as const) {
    await nets[net].loadFromDisk(folder);
  }
  const options = new faceApi.SsdMobilenetv1Options({ minConfidence: 0.5 });
  return {
    async see({ data, width, height }) {
      const tensor = tf.tensor3d(data, [height, width, 3], 'int32');
      const faces = await faceApi.detectAllFaces(tensor, options).withFaceLandmarks().withFaceDescriptors();
      tensor.dispose();
      return faces.map(({ detection, descriptor }) => ({
        area: detection.box.area,
        descriptor: [...descriptor],
      }));
    },
    openMatcher(known) {
      const people = [...new Set(known.map(({ person }) => person))].map((person) => {
        const own = known.filter((face) => face.person === person);
        return new faceApi.LabeledFaceDescriptors(
          person,
          own.map(({ descriptor }) => Float32Array.from(descriptor)),
        );
      });
      // 0.6 is its own default, and dlib's.
      const matcher = new faceApi.FaceMatcher(people, 0.6);
      return (descriptor) => {
        const { label } = matcher.findBestMatch(Float32Array.from(descriptor));
        return label === 'unknown' ? undefined : label;
      };
    },
  };
});
