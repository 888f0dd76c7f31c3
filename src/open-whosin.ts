/** Everything that whosin does, behind one door: a program opens it once, and the networks are shared by all that it asks. */

import { type Config, readConfig } from './config.ts';
import type { Failure } from './errors.ts';
import type { EvaluateOptions } from './faces/evaluate/evaluate.ts';
import type { Evaluation } from './faces/evaluate/evaluation.ts';
import type { Face, PhotoFaces } from './faces/find/face.ts';
import { type Faces, openFaces } from './faces/open-faces.ts';
import type { Enrolled } from './faces/people/enrol-photos.ts';
import type { IdentifiedPhoto, IdentifyOptions } from './faces/people/identify.ts';
import type { PeopleModel } from './faces/people/model-file.ts';
import type { Trained, TrainOptions } from './faces/people/train.ts';
import type { Verification, VerifyOptions } from './faces/people/verify.ts';
import type { PhotoInput } from './photos/photo-input.ts';
import type { ReadOptions } from './photos/read-photos.ts';
import type { ClassifiedPhoto, ClassifyOptions } from './pictures/classify.ts';
import type { ExplainedPhoto, ExplainPhotoOptions } from './pictures/explain-photo.ts';
import { type OpenModels, openModels } from './pictures/open-models.ts';
import type { FolderOptions, TrainedOnFolder } from './pictures/train-on-folder.ts';
import type { Label } from './runtime/draw.ts';
import type { IdentifiedVideo } from './video/identified-video.ts';
import type { VideoOptions } from './video/identify-video.ts';

export interface WhosinOptions {
  /** The name of an embedder of faces that was added; the one that comes with whosin if left out. */
  readonly embedder?: string;
  /** The name of a detector of faces that was added; the embedder's own if left out. */
  readonly detector?: string;
  /** What differs from the environment: `home`, `packs`, `threads` … */
  readonly config?: Partial<Config>;
  /** Told once if results cannot be cached; the work goes on. */
  readonly onCacheFailure?: (reason: string) => void;
}

/** Photos are given one by one or as they come, in any of the forms of `PhotoInput`. */
export type PhotoInputs = AsyncIterable<PhotoInput> | Iterable<PhotoInput>;

/** A photo that was read. */
export type Answered<T> = Exclude<T, Failure>;

/** Any model of whole pictures, as `-m` names it; the one that comes with whosin if left out. */
export interface ModelChoice {
  readonly model?: string;
  /** A file with one label a line, for a model that has none of its own. */
  readonly labels?: string;
}

/**
 * Methods that take several photos yield one answer for each, in order; a photo that cannot be read is an answer of
 * `kind: 'failure'`. Methods that take one photo throw its WhosinError. `signal` ends any of them with `cancelled`.
 */
export interface Whosin {
  /** Every face of every photo, named or unknown. */
  identify(photos: PhotoInputs, model: PeopleModel, options?: IdentifyOptions): AsyncGenerator<IdentifiedPhoto>;
  identifyPhoto(
    photo: PhotoInput,
    model: PeopleModel,
    options?: Omit<IdentifyOptions, 'onProgress'>,
  ): Promise<Answered<IdentifiedPhoto>>;
  /** Who is in a video, and when. Takes ffmpeg. */
  identifyVideo(path: string, model: PeopleModel, options?: VideoOptions): Promise<IdentifiedVideo>;
  /** The faces of photos with their embeddings, for `verify`, `group` or a search of one's own. */
  findFaces(photos: PhotoInputs, options?: ReadOptions): AsyncGenerator<FoundFaces>;
  /** @param root one sub-folder of photos for each person */
  train(root: string, options?: TrainOptions): Promise<Trained>;
  /** One more person for a model, or more photos of one; without the photos of the others. */
  enrol(model: PeopleModel, person: string, photos: PhotoInputs, options?: ReadOptions): Promise<Enrolled>;
  /** Whether two photos, or two faces, show the same person. */
  verify(a: PhotoInput | Face, b: PhotoInput | Face, options?: VerifyOptions): Promise<Verification>;
  /** Faces that are probably one person, as indices, the largest group first; every face is in one group. */
  group(faces: readonly Face[]): Promise<number[][]>;
  /** How right a model is on labelled photos. */
  evaluate(root: string, model: PeopleModel, options?: EvaluateOptions): Promise<Evaluation>;
  /** How right whosin is on a folder: each photo is a probe for a model of the others. */
  crossValidate(root: string, options?: EvaluateOptions & { readonly parts?: number }): Promise<Evaluation>;
  /** What is in photos: labels, or things with their places. */
  classify(photos: PhotoInputs, options?: ClassifyOptions & ModelChoice): AsyncGenerator<ClassifiedPhoto>;
  classifyPhoto(
    photo: PhotoInput,
    options?: Omit<ClassifyOptions, 'onProgress'> & ModelChoice,
  ): Promise<Answered<ClassifiedPhoto>>;
  /** A last layer of one's own. @param root one sub-folder of pictures for each label */
  trainPictures(root: string, options?: Omit<FolderOptions, 'config'>): Promise<TrainedOnFolder>;
  /** Which parts of a photo led to a label. */
  explain(photo: PhotoInput, model: string, options?: ExplainPhotoOptions): Promise<ExplainedPhoto>;
  /** The photo as a JPEG file with a box and a name for each label. */
  draw(photo: PhotoInput, labels: readonly Label[]): Promise<Uint8Array>;
  /** Waits for what is inside the networks, then frees them; everything is refused from then on (`usage`). */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export type FoundFaces =
  | ({ readonly kind: 'photo'; readonly path: string; readonly sha256: string } & PhotoFaces)
  | Failure;

/** @throws WhosinError `not-found` where there is no such embedder or detector, `usage` for settings that make no sense */
export async function openWhosin(options: WhosinOptions = {}): Promise<Whosin> {
  const { embedder, detector, onCacheFailure } = options;
  const config: Config = { ...readConfig(), ...options.config };
  const faces = await openChosenFaces(config, { embedder, detector, onCacheFailure });
  const models = openModels(config);
  const close = async (): Promise<void> => {
    await Promise.all([faces.close(), models.close()]);
  };
  return {
    ...methodsOfFaces(faces, config),
    ...methodsOfPictures(models, config, onCacheFailure),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function openChosenFaces(
  config: Config,
  { embedder, detector, onCacheFailure }: Pick<WhosinOptions, 'embedder' | 'detector' | 'onCacheFailure'>,
): Promise<Faces> {
  throw new Error('PACKS');
}

