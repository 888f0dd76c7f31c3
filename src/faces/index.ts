/** Faces: find, align, embed, group, train and identify. */

export { type FaceDetectorPack, withDetector } from '../models/face-detector-pack.ts';
export { faceDetectorNamed, facePackNamed, facePackOfSpace } from '../packs/face-packs.ts';
export { crossValidate } from './evaluate/cross-validate.ts';
export { type EvaluateOptions, evaluateModel } from './evaluate/evaluate.ts';
export type { Evaluation } from './evaluate/evaluation.ts';
export type { Face, PhotoFaces } from './find/face.ts';
export { type FaceReading, readAlbum } from './find/read-album.ts';
export { type FaceReader, openFaceReader } from './find/read-faces.ts';
export { type Faces, type FacesOptions, openFaces } from './open-faces.ts';
export { type Apart, groupFaces, type UnnamedFace } from './people/cluster.ts';
export {
  type Choice,
  chooseFaces,
  type LabelledFace,
  type LabelledFaces,
  type OnFace,
} from './people/consensus.ts';
export { type Decision, decide, type LikelyPerson } from './people/gallery.ts';
export {
  type IdentifiedFace,
  type IdentifiedPhoto,
  type IdentifyOptions,
  identify,
} from './people/identify.ts';
export { strangerRateOf, withMaxWrong } from './people/model-stranger-rate.ts';
export { loadPeopleModel, savePeopleModel } from './people/people-model.ts';
export type { SamePerson } from './people/same-person.ts';
export { type Trained, type TrainOptions, trainPeople } from './people/train.ts';
export type { FacesReport, HeldOutReport, TrainReport } from './people/train-report.ts';
export { type ComparedPair, type Verification, type VerifyOptions, verifyPhotos } from './people/verify.ts';
