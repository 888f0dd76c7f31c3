/** The default pack: three networks whose weights come inside the npm package `@vladmandic/face-api`. */

import { writeDetector } from './graph/face-api-detector.ts';
import { writeEmbedder } from './graph/face-api-embedder.ts';
import { writeLandmarks } from './graph/face-api-landmarks.ts';
import type { Alignment, FacePack, PackagedFile } from './pack.ts';

function file(path: string, sha256: string): PackagedFile {
  return { package: '@vladmandic/face-api', path: `model/${path}`, sha256 };
}

/** Eye corners and nose base of the 68 points. */
const alignmentPoints = [36, 39, 42, 45, 33] as const;

/**
 * Where dlib's training chips have those points, as fractions of the face without padding
 * (dlib, image_transforms/interpolation.h, get_face_chip_details, five-point mean shape).
 */
const meanShape = [
  { x: 0.1205750620789, y: 0.2137274526848 },
  { x: 0.3340850613712, y: 0.2290642403242 },
  { x: 0.6460604764104, y: 0.2289674387677 },
  { x: 0.8595674595992, y: 0.2134981538014 },
  { x: 0.4901123135679, y: 0.6277975316475 },
] as const;

/** dlib's chip: 150 pixels, a quarter of the face's size as padding on every side. */
function dlibAlignment(chip: number, padding: number): Alignment {
  const place = (v: number): number => ((padding + v) / (2 * padding + 1)) * chip;
  return {
    chip,
    points: alignmentPoints,
    targets: meanShape.map(({ x, y }) => ({ x: place(x), y: place(y) })),
  };
}

/** Which of the iBUG 300-W points stands at the place of each point in the mirror image. */
// biome-ignore format: in the order of the face's parts
const mirroredPoints = [
  16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, // jaw
  26, 25, 24, 23, 22, 21, 20, 19, 18, 17, // eyebrows
  27, 28, 29, 30, 35, 34, 33, 32, 31, // nose
  45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40, // eyes
  54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, // outer lips
  64, 63, 62, 61, 60, 67, 66, 65, // inner lips
] as const;

export const faceApiPack: FacePack = {
  name: 'face-api',
  // The last part counts changes to the way from photo to numbers: alignment, mirroring, compiled graph.
  space: 'face-api-resnet34-128/1',
  landmarkPoints: { upright: dlibAlignment(112, 0.1), mirrored: mirroredPoints },
  alignment: dlibAlignment(150, 0.25),
  background: 'face-api-resnet34-128.onnx',
  detector: {
    name: 'face-api-detector',
    input: { name: 'photos', type: 'uint8', shape: ['n', 'height', 'width', 3] },
    outputs: [
      { name: 'boxes', type: 'float32', shape: ['n', 'anchors', 4] },
      { name: 'scores', type: 'float32', shape: ['n', 'anchors'] },
    ],
    weights: file(
      'ssd_mobilenetv1_model.bin',
      '2835640602d53718aa6ae9a42896327eaa21beefed056c218d32ca7d79e1e2f8',
    ),
    manifest: file(
      'ssd_mobilenetv1_model-weights_manifest.json',
      '888f744dffbc84f5f060d1f8427d9742341943a2dfaaf9205d10029b7e7a2955',
    ),
    compilerVersion: 1,
    compile: writeDetector,
    licence: 'MIT',
    source: 'SSD MobileNet v1 trained on WIDER FACE by yeephycho, as carried by face-api',
  },
  landmarks: {
    name: 'face-api-landmarks',
    input: { name: 'faces', type: 'uint8', shape: ['n', 112, 112, 3] },
    outputs: [{ name: 'landmarks', type: 'float32', shape: ['n', 136] }],
    weights: file(
      'face_landmark_68_model.bin',
      '4611ef65c87d836d03d684b30eec4d195d8b219fa1dd58fc58945831c6b9299b',
    ),
    manifest: file(
      'face_landmark_68_model-weights_manifest.json',
      'ca4886639f86e99b39fed0c155f81b63317225773bd9616716e887b0153389c9',
    ),
    compilerVersion: 1,
    compile: writeLandmarks,
    licence: 'MIT',
    source: 'Trained by Vincent Mühler for face-api.js',
  },
  embedder: {
    name: 'face-api-embedder',
    input: { name: 'faces', type: 'uint8', shape: ['n', 150, 150, 3] },
    outputs: [{ name: 'embeddings', type: 'float32', shape: ['n', 128] }],
    weights: file(
      'face_recognition_model.bin',
      'b413e420d6840b2775fba32008db6f3cddb07d485967fb42cfcf379c16a8c589',
    ),
    manifest: file(
      'face_recognition_model-weights_manifest.json',
      'cbaffa501b0b9275a12b63357a6843e7e30c054e1c9151e1a5f879b26e32986b',
    ),
    compilerVersion: 1,
    compile: writeEmbedder,
    licence: 'MIT (the network: CC0)',
    source: 'dlib_face_recognition_resnet_model_v1 by Davis King, as carried by face-api',
  },
};
