/// <reference lib="esnext.disposable" preserve="true" />
/** Everything that whosin does, behind one door: a program opens it once, and all that it asks shares the networks. */

import { type Config, readConfig } from './config.ts';
import type { Label } from './core/label.ts';
import type { Failure } from './errors.ts';
import type { EvaluateOptions } from './faces/evaluate/evaluate.ts';
import type { Evaluation } from './faces/evaluate/evaluation.ts';
import type { Face } from './faces/find/face.ts';
import type { FaceReading } from './faces/find/read-album.ts';
import { openedFaces } from './faces/opened-faces.ts';
import type { UnnamedFace } from './faces/people/cluster.ts';
import type { Enrolled } from './faces/people/enrol-photos.ts';
import type { IdentifiedPhoto, IdentifyOptions } from './faces/people/identify.ts';
import type { PeopleModel } from './faces/people/model-file.ts';
import type { Trained, TrainOptions } from './faces/people/train.ts';
import type { Verification, VerifyOptions } from './faces/people/verify.ts';
import type { PhotoRegions, RegionsOptions } from './faces/regions/photo-regions.ts';
import type { PhotoInput } from './photos/photo-input.ts';
import type { ReadOptions } from './photos/read-photos.ts';
import type { ClassifiedPhoto, ClassifyOptions } from './pictures/classify.ts';
import type { ExplainedPhoto, ExplainPhotoOptions } from './pictures/explain-photo.ts';
import { openedModels } from './pictures/opened-models.ts';
import type { FolderOptions, TrainedOnFolder } from './pictures/train-on-folder.ts';
import { limitMemory } from './runtime/photo-memory.ts';
import type { IdentifiedVideo } from './video/identified-video.ts';
import type { VideoOptions } from './video/identify-video.ts';

export interface WhosinOptions {
  /** The name of an embedder of faces that was added; the one that comes with whosin if left out. */
  readonly embedder?: string;
  /** The name of a detector of faces that was added; the embedder's own if left out. */
  readonly detector?: string;
  /** Settings that differ from the environment: `home`, `packs`, `threads` … */
  readonly config?: Partial<Config>;
  /** Told if results or compiled networks cannot be stored; the work goes on. */
  readonly onCacheFailure?: (reason: string) => void;
}

/** Photos in any of the forms of `PhotoInput`, all there or one by one as they come. */
export type PhotoInputs = AsyncIterable<PhotoInput> | Iterable<PhotoInput>;

/** A photo that was read. */
export type Answered<T> = Exclude<T, Failure>;

/** A model of whole pictures. */
export interface ModelChoice {
  /** As `-m` names it; the one that comes with whosin if left out. */
  readonly model?: string;
  /** A file with one label a line, for a model that has none of its own. */
  readonly labels?: string;
}

/**
 * Methods that take several photos yield one answer for each, in order; a photo that cannot be read is an answer of
 * `kind: 'failure'`. Methods that take one photo throw its WhosinError. `signal` ends any of them with `cancelled`.
 */
export interface Whosin extends AsyncDisposable {
  /** Every face of every photo, named or unknown. */
  identify(
    photos: PhotoInputs,
    model: PeopleModel,
    options?: IdentifyOptions,
  ): AsyncGenerator<IdentifiedPhoto>;
  identifyPhoto(
    photo: PhotoInput,
    model: PeopleModel,
    options?: IdentifyOptions,
  ): Promise<Answered<IdentifiedPhoto>>;
  /** Who is in a video, and when. Takes ffmpeg. */
  identifyVideo(path: string, model: PeopleModel, options?: VideoOptions): Promise<IdentifiedVideo>;
  /** The faces of photos with their embeddings, for `verify`, `group` or a search of one's own. */
  findFaces(photos: PhotoInputs, options?: ReadOptions): AsyncGenerator<FaceReading>;
  /** @param root one sub-folder of photos for each person */
  train(root: string, options?: TrainOptions): Promise<Trained>;
  /** One more person for a model, or more photos of one, without the photos of the others. */
  enrol(model: PeopleModel, person: string, photos: PhotoInputs, options?: ReadOptions): Promise<Enrolled>;
  /** Whether two photos, or two faces that `findFaces` found, show the same person. */
  verify(a: PhotoInput | Face, b: PhotoInput | Face, options?: VerifyOptions): Promise<Verification>;
  /** Faces that are probably one person: groups of indices, the largest first. */
  group(faces: readonly UnnamedFace[]): Promise<number[][]>;
  /** How right a model is. @param root one sub-folder of photos for each person */
  evaluate(root: string, model: PeopleModel, options?: EvaluateOptions): Promise<Evaluation>;
  /** How right whosin is on a folder: each photo is a probe for a model of the others. */
  crossValidate(root: string, options?: CrossValidateOptions): Promise<Evaluation>;
  /** Finds what is in photos: labels, or things with their places. */
  classify(photos: PhotoInputs, options?: ClassifyOptions & ModelChoice): AsyncGenerator<ClassifiedPhoto>;
  classifyPhoto(
    photo: PhotoInput,
    options?: ClassifyOptions & ModelChoice,
  ): Promise<Answered<ClassifiedPhoto>>;
  /** The names that photos carry: in the file, in sidecars and in Picasa's lists. Takes no network. */
  regions(photos: PhotoInputs, options?: RegionsOptions): AsyncGenerator<PhotoRegions | Failure>;
  regionsOfPhoto(photo: PhotoInput, options?: RegionsOptions): Promise<PhotoRegions>;
  /** A last layer of one's own. @param root one sub-folder of pictures for each label */
  trainPictures(root: string, options?: Omit<FolderOptions, 'config'>): Promise<TrainedOnFolder>;
  /** Which parts of a photo led to a label. */
  explain(photo: PhotoInput, options?: ExplainPhotoOptions & ModelChoice): Promise<ExplainedPhoto>;
  /** The photo as a JPEG file with boxes and names. @param labels boxes in pixels of the photo */
  draw(photo: PhotoInput, labels: readonly Label[]): Promise<Uint8Array>;
  /** Waits for what is inside the networks, then frees them; everything is refused from then on (`usage`). */
  close(): Promise<void>;
}

export interface CrossValidateOptions extends EvaluateOptions {
  /** Every photo is a probe once, for a model of the other parts; 5 if left out. */
  readonly parts?: number;
}

/** @throws WhosinError `usage` for settings that make no sense */
export function openWhosin(options: WhosinOptions = {}): Promise<Whosin> {
  return Promise.resolve(whosinWith({ ...readConfig(), ...options.config }, options));
}

function whosinWith(config: Config, options: WhosinOptions): Whosin {
  limitMemory(config);
  const faces = openedFaces(config, options);
  const models = openedModels(config);
  const { onCacheFailure } = options;
  const whosin: Omit<Whosin, 'close' | typeof Symbol.asyncDispose> = {
    async *identify(photos, model, how) {
      yield* (await faces.of(model)).identify(photos, model, how);
    },
    identifyPhoto: async (photo, model, how) => only(whosin.identify([photo], model, how)),
    async identifyVideo(path, model, how) {
      const { identifyVideo } = await import('./video/identify-video.ts');
      return identifyVideo(path, model, await faces.of(model), config, how);
    },
    async *findFaces(photos, how) {
      const { readAlbum } = await import('./faces/find/read-album.ts');
      const { reader, cache } = await faces.chosen();
      yield* readAlbum(photos, reader, cache, how);
    },
    train: async (root, how) => (await faces.chosen()).train(root, how),
    async enrol(model, person, photos, how) {
      const { enrolPhotos } = await import('./faces/people/enrol-photos.ts');
      return enrolPhotos(model, person, photos, await faces.of(model), how);
    },
    async verify(a, b, how) {
      const { verifyPhotos } = await import('./faces/people/verify.ts');
      return verifyPhotos(a, b, await faces.chosen(), how);
    },
    async group(found) {
      const { groupFaces } = await import('./faces/people/cluster.ts');
      return groupFaces((await faces.chosen()).background, found);
    },
    async evaluate(root, model, how) {
      const { evaluateModel } = await import('./faces/evaluate/evaluate.ts');
      return evaluateModel(root, model, await faces.of(model), how);
    },
    async crossValidate(root, { parts = 5, ...how } = {}) {
      const { crossValidate } = await import('./faces/evaluate/cross-validate.ts');
      return crossValidate(root, parts, await faces.chosen(), how);
    },
    async *classify(photos, { model, labels, ...how } = {}) {
      const { classify } = await import('./pictures/classify.ts');
      yield* classify(photos, await models.named(model, labels), how);
    },
    classifyPhoto: async (photo, how) => only(whosin.classify([photo], how)),
    async *regions(photos, how) {
      const { readRegions } = await import('./faces/regions/photo-regions.ts');
      yield* readRegions(photos, how);
    },
    regionsOfPhoto: async (photo, how) => only(whosin.regions([photo], how)),
    async trainPictures(root, how) {
      const { trainOnFolder } = await import('./pictures/train-on-folder.ts');
      return trainOnFolder(root, { ...(onCacheFailure && { onCacheFailure }), ...how, config });
    },
    async explain(photo, { model, labels, ...how } = {}) {
      const { explainPhoto } = await import('./pictures/explain-photo.ts');
      return explainPhoto(photo, await models.named(model, labels), how);
    },
    async draw(photo, labels) {
      const { inputPixels } = await import('./pictures/input-pixels.ts');
      const { drawPhoto } = await import('./report/draw-photo.ts');
      return drawPhoto(await inputPixels(photo), labels);
    },
  };
  const close = async (): Promise<void> => {
    await Promise.all([faces.close(), models.close()]);
  };
  return { ...whosin, close, [Symbol.asyncDispose]: close };
}

/** The answer about the only photo. Throws why it could not be read. */
async function only<T extends { readonly kind: string }>(
  answers: AsyncIterable<T | Failure>,
): Promise<Exclude<T, Failure>> {
  for await (const answer of answers) {
    if (answer.kind === 'failure') throw (answer as Failure).error;
    return answer as Exclude<T, Failure>;
  }
  throw new RangeError('one photo gives one answer');
}
