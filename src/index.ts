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
 * `openAlbum()` of `whosin/album` names the people in photos without a folder for each, remembers the answers that it was
 * given, and finds photos by them.
 *
 * @module
 */

// Types that the functions below take and return are all exported, those inside other types too.
export type { Config, NetworkConfig, WeightBits } from './config.ts';
export type { Damage } from './core/damage.ts';
export type { Distortions } from './core/distort.ts';
export type { Embedding, SpaceId } from './core/embedding.ts';
export type { Box, Point, Size, Unit } from './core/geometry.ts';
export type { RgbImage } from './core/image.ts';
export type { Label, Tone } from './core/label.ts';
export type { ErrorOptions } from './errors.ts';
export { type ErrorCode, type Failure, WhosinError } from './errors.ts';
export { crossValidate } from './faces/evaluate/cross-validate.ts';
export type { EvaluateOptions } from './faces/evaluate/evaluate.ts';
export { evaluateModel } from './faces/evaluate/evaluate.ts';
export type { Evaluation, Protocol, Setting } from './faces/evaluate/evaluation.ts';
export type {
  FacePlace,
  LikelyWrongLabel,
  Mistake,
  PersonRow,
  UnnamedPhoto,
} from './faces/evaluate/evaluation-lists.ts';
export type { OtherFace } from './faces/evaluate/labelled-faces.ts';
export type { Detection, Effort } from './faces/find/detect.ts';
export type { Face, PhotoFaces } from './faces/find/face.ts';
export type { EmbeddedFace, FaceSquare, FaceSteps } from './faces/find/face-steps.ts';
export type { LocatedFace } from './faces/find/follow-points.ts';
export type { Landmarks } from './faces/find/mesh.ts';
export type { FaceReading } from './faces/find/read-album.ts';
export type { FaceReader } from './faces/find/read-faces.ts';
export { type Faces, type FacesOptions, openFaces } from './faces/open-faces.ts';
export { enrolPerson, removePerson, renamePerson } from './faces/people/change-people.ts';
export type { UnnamedFace } from './faces/people/cluster.ts';
export type { Enrolled, LeftOutPhoto } from './faces/people/enrol-photos.ts';
export type { DecideOptions, Decision, LikelyPerson, Probe } from './faces/people/gallery.ts';
export type { IdentifiedFace, IdentifiedPhoto, IdentifyOptions } from './faces/people/identify.ts';
export type { EnrolledEmbedding, PeopleModel } from './faces/people/model-file.ts';
export { strangerRateOf, withMaxWrong } from './faces/people/model-stranger-rate.ts';
export { loadPeopleModel, savePeopleModel } from './faces/people/people-model.ts';
export type { SamePerson } from './faces/people/same-person.ts';
export type { Trained, TrainOptions } from './faces/people/train.ts';
export type { ExampleOptions, OnWork, TrainPart } from './faces/people/train-on-examples.ts';
export type { FacesReport, HeldOutReport, TrainReport } from './faces/people/train-report.ts';
export type { ComparedPair, Verification, VerifyOptions } from './faces/people/verify.ts';
export { verifyPhotos } from './faces/people/verify.ts';
export { type PhotoRegions, type RegionsOptions, readRegions } from './faces/regions/photo-regions.ts';
export type { TriedHead } from './learn/layer/fit-head.ts';
export type { Head } from './learn/layer/head.ts';
export type { LabelledVectors } from './learn/layer/labelled-vectors.ts';
export type { NoneOfThese } from './learn/layer/none-of-these.ts';
export type { Fold } from './learn/layer/softmax-regression.ts';
export type { TriedStrength } from './learn/layer/strengths.ts';
export type { Calibration, Calibrations, ReliabilityBin } from './learn/measure/calibration-metrics.ts';
export type { Classification, LabelFigures, WrongAnswer } from './learn/measure/classification-metrics.ts';
export type { Estimate, Interval, Share } from './learn/measure/intervals.ts';
export type { EnrolledOutcomes, LogLoss } from './learn/measure/metrics.ts';
export type { DetPoint, IdentificationRate, Suggestion } from './learn/measure/open-set-metrics.ts';
export type { ScaleAndOffset } from './learn/odds/newton.ts';
export type { BoundedRate, RateTable, ReferencePairs } from './learn/odds/rate-table.ts';
export type { FittedRecalibration, Recalibration } from './learn/odds/recalibration.ts';
export type { StrangerRates, StrangerSetting } from './learn/odds/stranger-rates.ts';
export type { Component, Crowd, EnrolledFace, Template, TwoCovariance } from './learn/odds/two-covariance.ts';
export type { Compiler, CompilerName, CompilerOf, Settings } from './models/compilers.ts';
export type {
  Alignment,
  ChipLook,
  FaceEmbedder,
  FacePack,
  LandmarkPoints,
  PointOfFace,
} from './models/face-pack.ts';
export type { EmbedderFamily, EmbedderParts, YunetParts } from './models/face-parts.ts';
export type {
  Computation,
  ComputationOptions,
  NumberArray,
  OpenComputation,
  Values,
} from './models/graph/computation.ts';
export type { Ground, Grounds, KnownParts } from './models/graph/picture-parts.ts';
export type { CompileOptions, InputRequest } from './models/graph/tensorflow/compile-tensorflow.ts';
export type { Preparation } from './models/graph/tensorflow/preparation.ts';
export type { OutputRequest } from './models/graph/tensorflow/write-tensorflow.ts';
export type { Dimension } from './models/graph/writer.ts';
export type { GraphSpec, NetworkSpec, ValueSpec } from './models/network.ts';
export type {
  Bottleneck,
  Objects,
  PictureGraph,
  PictureInput,
  PictureOutput,
  PicturePack,
  PictureRequest,
  Scores,
} from './models/picture-pack.ts';
export type { FolderFile, OwnFile, PackagedFile, WeightFile } from './models/weight-file.ts';
export {
  type Answered,
  type CrossValidateOptions,
  type ModelChoice,
  openWhosin,
  type PhotoInputs,
  type Whosin,
  type WhosinOptions,
} from './open-whosin.ts';
export type { BottleneckCache, SpaceUse } from './photos/bottleneck-cache.ts';
export type { ContentHashes } from './photos/content-hashes.ts';
export type { Dataset, LabelledPhoto } from './photos/dataset.ts';
export type { LabelledFile, Skipped } from './photos/label-folders.ts';
export type { NamedBytes, PhotoInput, PhotoPixels } from './photos/photo-input.ts';
export { photosIn } from './photos/photos-in.ts';
export type { SkippedPhoto } from './photos/read-dataset.ts';
export type { PhotoReading, ReadOptions } from './photos/read-photos.ts';
export type { PhotoNames } from './photos/regions/read-names.ts';
export type { NameHint, Region, RegionStandard, StoredRegion, UnreadNames } from './photos/regions/region.ts';
export type { LabelScore, PictureAnswer, PictureObject } from './pictures/classifier.ts';
export type { AnsweredPhoto, ClassifiedPhoto, ClassifyOptions } from './pictures/classify.ts';
export type { CopyOptions } from './pictures/distorted-copies.ts';
export type { OcclusionMap } from './pictures/explain.ts';
export type { ExplainedPhoto, ExplainPhotoOptions } from './pictures/explain-photo.ts';
export type { Examples, FitLayer, FitPoint, FittedLayer } from './pictures/fit-layer.ts';
export type { PictureModel } from './pictures/picture-model.ts';
export type { PicturesReport } from './pictures/picture-set.ts';
export type { Category, ListedPhoto } from './pictures/retrain/image-lists.ts';
export type { PictureTrainOptions, PictureTrainReport, TrainedPictures } from './pictures/train.ts';
export { type FolderOptions, savePictureModel, type TrainedOnFolder } from './pictures/train-on-folder.ts';
export { photoJson } from './report/decision-json.ts';
export { faceLabels } from './report/face-labels.ts';
export { regionsJson } from './report/regions-json.ts';
export type { IdentifiedJson } from './report/schema/recognition-schema.ts';
export { videoJson } from './report/video-json.ts';
export type { Photo } from './runtime/decode.ts';
export type { ReadBytes } from './runtime/photo-threads.ts';
export type { SeenFace } from './video/follow-faces.ts';
export type { Frame } from './video/frames.ts';
export type { IdentifiedVideo, Look, LookedAtFace } from './video/identified-video.ts';
export type { VideoOptions } from './video/identify-video.ts';
export type { NamedTrack } from './video/name-tracks.ts';
export type { PersonOverTime } from './video/people-over-time.ts';
export type { TrackOptions } from './video/read-tracks.ts';
export type { Piece, Span } from './video/timeline.ts';
export type { Track } from './video/track.ts';
export type { Sighting, TrackFace, Tracklet } from './video/tracklet.ts';
