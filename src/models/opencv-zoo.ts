/** The models of faces that can be fetched: OpenCV Zoo's, whose licences allow any use. */

import type { PullableFaceModel } from './pullable-pack.ts';

/** The commit of the repository at which both files were as they are pinned here. Large files lie at an address of their own. */
const commit = '47534e27c9851bb1128ccc0102f1145e27f23f98';
const root = `https://media.githubusercontent.com/media/opencv/opencv_zoo/${commit}/models`;

/** The sums are those of the repository's own pointers to its large files. */
export const openCvZooModels: readonly PullableFaceModel[] = [
  {
    kind: 'face-detector',
    name: 'yunet',
    licence: 'MIT',
    // The network of 2023mar, exported again so that photos of any size can be put in.
    source:
      'YuNet of OpenCV Zoo (face_detection_yunet_2026may.onnx) by Shiqi Yu and others, trained on WIDER FACE',
    address: `${root}/face_detection_yunet/face_detection_yunet_2026may.onnx`,
    sha256: 'ebafce4e3c118d6554634be5c27ab333b4c047a9a8c3faf1d7cf93101c22f0f0',
  },
  {
    kind: 'face-embedder',
    name: 'sface',
    licence: 'Apache-2.0',
    source: 'SFace of OpenCV Zoo (face_recognition_sface_2021dec.onnx) by Yaoyao Zhong and others',
    address: `${root}/face_recognition_sface/face_recognition_sface_2021dec.onnx`,
    sha256: '0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79',
  },
];
