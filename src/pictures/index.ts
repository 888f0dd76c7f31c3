/**
 * Whole pictures: what is in them, by the model that comes with whosin or any other.
 *
 *     import { classify, openPictureModel } from 'whosin/pictures';
 *     const model = await openPictureModel();
 *     for await (const photo of classify(['street.jpg'], model))
 *       console.log(photo.path, photo.kind === 'failure' ? photo.error.message : photo.objects);
 *
 * A last layer of your own, on folders of any kind:
 *
 *     import { savePictureModel, trainOnFolder } from 'whosin/pictures';
 *     const { model, report } = await trainOnFolder('flowers/');
 *     await savePictureModel('flowers.onnx', model);
 *     console.log(report.test?.accuracy);
 *
 * @module
 */

export type { Ground, Grounds, KnownParts } from '../models/graph/picture-parts.ts';
export {
  type BackboneOptions,
  type BestBackbone,
  bestBackbone,
  type TriedBackbone,
} from './best-backbone.ts';
export type { LabelScore, PictureAnswer, PictureClassifier, PictureObject } from './classifier.ts';
export { type ClassifiedPhoto, type ClassifyOptions, classify } from './classify.ts';
export { type OpenPictureOptions, openPictureModel } from './open-model.ts';
export type { PictureTrainReport } from './train.ts';
export { type FolderOptions, savePictureModel, trainOnFolder } from './train-on-folder.ts';
