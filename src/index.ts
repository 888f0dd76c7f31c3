/**
 * whosin: who is in a photo.
 *
 * Learn people from folders, one folder for each person:
 *
 *     import { openFaces, savePeopleModel } from 'whosin';
 *     const faces = await openFaces();
 *     const { model, report } = await faces.train('photos/');
 *     await savePeopleModel('people.onnx', model);
 *     console.log(report.heldOut);
 *
 * Ask who is in a photo:
 *
 *     import { loadPeopleModel, openFaces } from 'whosin';
 *     const faces = await openFaces();
 *     const model = await loadPeopleModel('people.onnx');
 *     for await (const photo of faces.identify(['party.jpg'], model)) {
 *       console.log(photo.path, photo.kind === 'failure' ? photo.error.message : photo.faces.map((f) => f.decision));
 *     }
 *
 * A photo is a path, a `file:` URL, `{ name, bytes }`, the bytes of a file, or pixels. A result says by its `kind` whether it is
 * an answer or a failure. `{ signal, onProgress }` stop and follow all work on many photos; `close()` ends it.
 *
 * `verifyPhotos(a, b, faces)` tells whether two photos show the same person; `crossValidate(root, parts, faces)` and
 * `evaluateModel(root, model, faces)` measure how right the answers are on photos that are labelled.
 *
 * @module
 */

export type { Config, NetworkConfig } from './config.ts';
export type { Box } from './core/geometry.ts';
export type { RgbImage } from './core/image.ts';
export { type ErrorCode, type Failure, WhosinError } from './errors.ts';
export { crossValidate } from './faces/evaluate/cross-validate.ts';
export { type EvaluateOptions, evaluateModel } from './faces/evaluate/evaluate.ts';
export type { Evaluation } from './faces/evaluate/evaluation.ts';
export { type Faces, type FacesOptions, openFaces } from './faces/open-faces.ts';
export type { Candidate, Decision } from './faces/people/gallery.ts';
export type { IdentifiedFace, IdentifiedPhoto, IdentifyOptions } from './faces/people/identify.ts';
export type { PeopleModel } from './faces/people/model-file.ts';
export { loadPeopleModel, savePeopleModel } from './faces/people/people-model.ts';
export { strangerRateOf, withMaxWrong } from './faces/people/stranger-setting.ts';
export type { Trained, TrainOptions } from './faces/people/train.ts';
export type { TrainReport } from './faces/people/train-report.ts';
export {
  type ComparedPair,
  type Verification,
  type VerifyOptions,
  verifyPhotos,
} from './faces/people/verify.ts';
export type { NamedBytes, PhotoInput, PhotoPixels } from './photos/photo-input.ts';
export type { ReadOptions } from './photos/read-photos.ts';
