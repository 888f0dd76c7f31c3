/**
 * whosin: who is in a photo or video, and what.
 *
 * Learn people from folders, one folder for each person:
 *
 *     import { openWhosin, savePeopleModel } from 'whosin';
 *     const whosin = await openWhosin();
 *     try {
 *       const { model, report } = await whosin.train('photos/');
 *       await savePeopleModel('people.onnx', model);
 *       console.log(report.heldOut);
 *     } finally {
 *       await whosin.close();
 *     }
 *
 * Ask who is in a photo:
 *
 *     import { loadPeopleModel, openWhosin } from 'whosin';
 *     const whosin = await openWhosin();
 *     try {
 *       const photo = await whosin.identifyPhoto('party.jpg', await loadPeopleModel('people.onnx'));
 *       console.log(photo.path, photo.faces.map((face) => face.decision));
 *     } finally {
 *       await whosin.close();
 *     }
 *
 * docs/API.md has a program each for uploads, sharp, verify, one more person, videos, worker threads, bundlers and
 * read-only homes.
 *
 * @module
 */

export type { Config } from './config.ts';
export type { Embedding, SpaceId } from './core/embedding.ts';
export type { Box } from './core/geometry.ts';
export type { RgbImage } from './core/image.ts';
export { type ErrorCode, type Failure, WhosinError } from './errors.ts';
export type { EvaluateOptions } from './faces/evaluate/evaluate.ts';
export type { Evaluation } from './faces/evaluate/evaluation.ts';
export type { Face, PhotoFaces } from './faces/find/face.ts';
export type { FaceReading } from './faces/find/read-album.ts';
export { enrolPerson, removePerson, renamePerson } from './faces/people/change-people.ts';
export type { UnnamedFace } from './faces/people/cluster.ts';
export type { Enrolled, LeftOutPhoto } from './faces/people/enrol-photos.ts';
export type { Decision, LikelyPerson, Probe } from './faces/people/gallery.ts';
export type { IdentifiedFace, IdentifiedPhoto, IdentifyOptions } from './faces/people/identify.ts';
export { strangerRateOf, withMaxWrong } from './faces/people/model-stranger-rate.ts';
export type { PeopleModel } from './faces/people/model-file.ts';
export { loadPeopleModel, savePeopleModel } from './faces/people/people-model.ts';
export type { Trained, TrainOptions } from './faces/people/train.ts';
export type { TrainReport } from './faces/people/train-report.ts';
export type { ComparedPair, Verification, VerifyOptions } from './faces/people/verify.ts';
export {
  type Answered,
  type CrossValidateOptions,
  type ModelChoice,
  openWhosin,
  type PhotoInputs,
  type Whosin,
  type WhosinOptions,
} from './open-whosin.ts';
export { photosIn } from './photos/photo-files.ts';
export type { NamedBytes, PhotoInput, PhotoPixels } from './photos/photo-input.ts';
export type { ReadOptions } from './photos/read-photos.ts';
export type { LabelScore, PictureAnswer, PictureObject } from './pictures/classifier.ts';
export type { ClassifiedPhoto, ClassifyOptions } from './pictures/classify.ts';
export type { OcclusionMap } from './pictures/explain.ts';
export type { ExplainedPhoto, ExplainPhotoOptions } from './pictures/explain-photo.ts';
export type { PictureModel } from './pictures/picture-model.ts';
export { type FolderOptions, savePictureModel, type TrainedOnFolder } from './pictures/train-on-folder.ts';
export { photoJson } from './report/decision-json.ts';
export { faceLabels } from './report/draw-photo.ts';
export { videoJson } from './report/video-json.ts';
export type { Label } from './runtime/draw.ts';
export type { IdentifiedVideo } from './video/identified-video.ts';
export type { VideoOptions } from './video/identify-video.ts';
