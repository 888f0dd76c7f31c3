/** The default pack: networks whose weights come inside npm packages. */

import type { Point } from '../core/geometry.ts';
import type { Alignment, ChipLook, PackagedFacePack } from './face-pack.ts';
import { faceMesh, faceRes } from './human.ts';
import { blazeFace } from './mediapipe.ts';
import type { PackagedNetwork } from './network.ts';
import type { PackagedFile } from './weight-file.ts';

function file(path: string, sha256: string): PackagedFile {
  return { package: '@vladmandic/face-api', path: `model/${path}`, sha256 };
}

/** Outer and inner corner of the left eye in the picture, inner and outer of the right one, base of the nose. */
const eyesAndNose = [33, 133, 362, 263, 2] as const;

/**
 * The places of those points on dlib's training chips, as fractions of the face without padding
 * (dlib, image_transforms/interpolation.h, get_face_chip_details, five-point mean shape).
 */
const meanShape = [
  { x: 0.1205750620789, y: 0.2137274526848 },
  { x: 0.3340850613712, y: 0.2290642403242 },
  { x: 0.6460604764104, y: 0.2289674387677 },
  { x: 0.8595674595992, y: 0.2134981538014 },
  { x: 0.4901123135679, y: 0.6277975316475 },
] as const;

/**
 * Points all over the face, where they lie on average in the frame of the mean shape above (fit/mean-shape.ts):
 * of a face from the side the eyes alone would make a far too large one.
 */
// biome-ignore format: a table
const wholeFace: readonly (readonly [point: number, x: number, y: number])[] = [
  [10, 0.484, -0.22], [54, -0.002, -0.069], [284, 0.994, -0.077], // forehead
  [127, -0.082, 0.251], [356, 1.096, 0.244], [234, -0.075, 0.373], [454, 1.092, 0.367], // temples
  [172, 0.036, 0.887], [397, 0.982, 0.886], [152, 0.498, 1.191], // jaw and chin
  [70, 0.021, 0.105], [300, 0.966, 0.099], // ends of the brows
  [33, 0.118, 0.219], [133, 0.346, 0.23], [362, 0.633, 0.23], [263, 0.866, 0.216], // eyes
  [1, 0.483, 0.57], [2, 0.487, 0.619], [61, 0.265, 0.787], [291, 0.726, 0.785], // nose and mouth
];

/** The face on a square chip, with a share of its size as padding on every side. */
function onChip(
  points: readonly number[],
  shape: readonly Point[],
  chip: number,
  padding: number,
): Alignment {
  const place = (v: number): number => ((padding + v) / (2 * padding + 1)) * chip;
  return { chip, points, targets: shape.map(({ x, y }) => ({ x: place(x), y: place(y) })) };
}

const byEyes = onChip(eyesAndNose, meanShape, 150, 0.25);

function byWholeFace(chip: number, padding: number): Alignment {
  const points = wholeFace.map(([point]) => point);
  const shape = wholeFace.map(([, x, y]) => ({ x, y }));
  return onChip(points, shape, chip, padding);
}

function withMirrorImage(alignment: Alignment): readonly ChipLook[] {
  return [false, true].map((mirrored) => ({ alignment, mirrored }));
}

const ssdMobilenet: PackagedNetwork = {
  name: 'face-api-detector',
  input: { name: 'photos', type: 'uint8', shape: ['n', 'height', 'width', 3] },
  outputs: [
    { name: 'boxes', type: 'float32', shape: ['n', 'anchors', 4] },
    { name: 'scores', type: 'float32', shape: ['n', 'anchors'] },
  ],
  files: [
    file(
      'ssd_mobilenetv1_model-weights_manifest.json',
      '888f744dffbc84f5f060d1f8427d9742341943a2dfaaf9205d10029b7e7a2955',
    ),
    file('ssd_mobilenetv1_model.bin', '2835640602d53718aa6ae9a42896327eaa21beefed056c218d32ca7d79e1e2f8'),
  ],
  compiler: { name: 'face-api', version: 3, settings: { network: 'detector' } },
  ranges: {
    own: 'face-api-detector-ranges.json',
    sha256: '037bcce70e7a1dfea5968b6103312f2f6f69c8223044729fd913a73490759f84',
  },
  licence: 'MIT',
  source: 'SSD MobileNet v1 trained on WIDER FACE by yeephycho, as carried by face-api',
};

const dlibResNet: PackagedNetwork = {
  name: 'face-api-embedder',
  input: { name: 'faces', type: 'uint8', shape: ['n', 150, 150, 3] },
  outputs: [{ name: 'embeddings', type: 'float32', shape: ['n', 128] }],
  files: [
    file(
      'face_recognition_model-weights_manifest.json',
      'cbaffa501b0b9275a12b63357a6843e7e30c054e1c9151e1a5f879b26e32986b',
    ),
    file('face_recognition_model.bin', 'b413e420d6840b2775fba32008db6f3cddb07d485967fb42cfcf379c16a8c589'),
  ],
  compiler: { name: 'face-api', version: 3, settings: { network: 'embedder' } },
  ranges: {
    own: 'face-api-embedder-ranges.json',
    sha256: '708f849a7ea6a3fab9acaaddcff907f5f4ba946ee97f82961e75aa6f25b3251c',
  },
  licence: 'MIT (the network: CC0)',
  source: 'dlib_face_recognition_resnet_model_v1 by Davis King, as carried by face-api',
};

export const faceApiPack: PackagedFacePack = {
  name: 'face-api',
  // The last part is raised when embeddings made before cannot be compared with new ones; the recipe counts all other changes.
  space: 'dlib-128-faceres-1024/3',
  background: {
    own: 'dlib-128-faceres-1024.onnx',
    sha256: 'fea3bf9dfaee95719fd6a85a81522205a39634f5e00bcedccc6f3c6dacb6af5b',
  },
  animals: {
    own: 'dlib-128-faceres-1024-animals.json',
    sha256: 'd223f841f632bf408146f305f5cefebb51c9e5c5f045631501767144c049967c',
  },
  detector: ssdMobilenet,
  secondDetector: blazeFace,
  landmarks: faceMesh,
  sixPoints: blazeFace,
  landmarkPoints: {
    chip: 192,
    forehead: 10,
    chin: 152,
    six: [[33, 133], [362, 263], 1, [13, 14], 234, 454],
    kept: eyesAndNose,
  },
  embedders: [
    {
      network: dlibResNet,
      share: 0.55,
      sideShare: 0.45,
      looks: withMirrorImage(byEyes),
      sideLooks: withMirrorImage(byWholeFace(150, 0.25)),
    },
    {
      network: faceRes,
      share: 0.45,
      sideShare: 0.55,
      power: 0.35,
      looks: withMirrorImage(byWholeFace(224, 0.45)),
      sideLooks: withMirrorImage(byWholeFace(224, 0.3)),
    },
  ],
};
