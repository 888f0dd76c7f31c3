/** Faces: find, align, embed, group, train and identify. */

export { withDetector } from '../models/face-detector-pack.ts';
export { faceDetectorNamed, facePackNamed, facePackOfSpace } from '../runtime/face-pack-store.ts';
export { groupFaces, type UnnamedFace } from './cluster.ts';
export { type Choice, chooseFaces, type LabelledFaces } from './consensus.ts';
export { crossValidate } from './cross-validate.ts';
export { type EvaluateOptions, evaluateModel } from './evaluate.ts';
export type { Evaluation } from './evaluation.ts';
export type { Face, PhotoFaces } from './face.ts';
export { type Candidate, type Decision, decide } from './gallery.ts';
export { type IdentifiedFace, type IdentifiedPhoto, identify } from './identify.ts';
export { type Faces, type FacesOptions, openFaces } from './open-faces.ts';
export { loadPeopleModel, savePeopleModel } from './people-model.ts';
export { type Reading, readAlbum } from './read-album.ts';
export { type FaceReader, openFaceReader } from './read-faces.ts';
export { strangerRateOf, withMaxWrong } from './stranger-setting.ts';
export { type Trained, type TrainOptions, trainPeople } from './train.ts';
export type { FacesReport, HeldOutReport, TrainReport } from './train-report.ts';
export { type ComparedPair, type Verification, type VerifyOptions, verifyPhotos } from './verify.ts';
