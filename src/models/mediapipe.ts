/** Networks whose weights come inside the npm package `@mediapipe/face_detection`, as TensorFlow Lite files. */

import type { NetworkSpec } from './network.ts';

/** BlazeFace for faces that fill a good part of the photo, from every side. */
export const blazeFace: NetworkSpec = {
  name: 'mediapipe-blazeface',
  input: { name: 'photos', type: 'uint8', shape: ['n', 128, 128, 3] },
  outputs: [
    { name: 'boxes', type: 'float32', shape: ['n', 896, 4] },
    { name: 'scores', type: 'float32', shape: ['n', 896] },
    { name: 'points', type: 'float32', shape: ['n', 896, 12] },
  ],
  files: [
    {
      package: '@mediapipe/face_detection',
      path: 'face_detection_short_range.tflite',
      sha256: '3bc182eb9f33925d9e58b5c8d59308a760f4adea8f282370e428c51212c26633',
    },
  ],
  compiler: { name: 'blazeface', version: 2, settings: null },
  licence: 'Apache-2.0',
  source: 'MediaPipe Face Detection (BlazeFace, short range) by Google',
};
