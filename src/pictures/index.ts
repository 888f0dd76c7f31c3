/**
 * Whole pictures: what is in them, by the model that comes with whosin or any other.
 *
 *     import { classify, openPictureModel } from 'whosin/pictures';
 *     const model = await openPictureModel();
 *     for await (const photo of classify(['street.jpg'], model))
 *       console.log(photo.path, 'error' in photo ? photo.error.message : photo.objects);
 *
 * @module
 */

export type { LabelScore, PictureAnswer, PictureClassifier, PictureObject } from './classifier.ts';
export { type ClassifiedPhoto, type ClassifyOptions, classify } from './classify.ts';
export { type OpenPictureOptions, openPictureModel } from './open-model.ts';
