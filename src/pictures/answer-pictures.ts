/** What a model says about pictures, read as datasets are: a bad one is reported, and the rest goes on. */

import type { PhotoReader } from '../learn/read-photos.ts';
import { decodePhoto } from '../runtime/decode.ts';
import type { ProbableClassifier } from './classifier.ts';

export interface AnsweredPicture {
  /** One for each label of the model. */
  readonly probabilities: Float32Array;
}

export function openAnswerReader(
  classifier: Pick<ProbableClassifier, 'labels' | 'probabilities'>,
): PhotoReader<AnsweredPicture> {
  return {
    recipe: 'answers',
    async compute(bytes, path) {
      const { image } = await decodePhoto(bytes, path);
      return { probabilities: await classifier.probabilities(image) };
    },
    encode: ({ probabilities }) => new Uint8Array(probabilities.buffer),
    decode: () => undefined,
  };
}
