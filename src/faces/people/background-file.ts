/** The fitted model of strangers of an embedding space, as a file: one comes with whosin, an added embedder has its own. */

import type { SpaceId } from '../../core/embedding.ts';
import { WhosinError } from '../../errors.ts';
import { isRateTable, type ReferencePairs } from '../../learn/odds/rate-table.ts';
import type { TwoCovariance } from '../../learn/odds/two-covariance.ts';
import type { FacePack } from '../../models/face-pack.ts';
import { readOnnx } from '../../models/graph/read-onnx.ts';
import { nameOf, readVerified } from '../../runtime/weight-files.ts';

/** How often two different people are as much alike as two faces. */
export interface FalseMatches extends ReferencePairs {
  readonly pairs: number;
}

export const falseMatchesKey = 'whosin.falseMatches';

export async function loadBackground({ background, space }: FacePack): Promise<TwoCovariance> {
  return readBackground(await readVerified(background), space, nameOf(background));
}

/** Throws `not-a-model`, or `wrong-space` where it was fitted in another one. */
export function readBackground(bytes: Uint8Array, space: SpaceId, path: string): TwoCovariance {
  const onnx = readOnnx(bytes, path);
  const fitted = onnx.metadata('whosin.space');
  if (fitted !== space) {
    throw new WhosinError(
      'wrong-space',
      `${path} was fitted in another space than ${space}: ${fitted ?? 'it is no background'}.`,
    );
  }
  const calibration = onnx.tensor('background.calibration').data;
  return {
    mean: onnx.tensor('background.mean').data,
    basis: onnx.tensor('background.basis').data,
    between: onnx.tensor('background.between').data,
    scale: calibration[0]!,
    offset: calibration[1]!,
    // Embedders that were added before it was told have none.
    ...(onnx.has('background.noise') && { noise: onnx.tensor('background.noise').data }),
    crowd: {
      quadratic: onnx.tensor('crowd.quadratic').data,
      linear: onnx.tensor('crowd.linear').data,
      constant: onnx.tensor('crowd.constant').data,
    },
  };
}

/** The false matches that were measured with a background; nothing if none were. Throws `not-a-model`. */
export function readFalseMatches(bytes: Uint8Array, path: string): FalseMatches | undefined {
  const text = readOnnx(bytes, path).metadata(falseMatchesKey);
  if (text === undefined) return undefined;
  const bad = new WhosinError('not-a-model', `${path} is damaged: its false matches make no sense.`);
  let found: Partial<FalseMatches>;
  try {
    found = JSON.parse(text) as Partial<FalseMatches>;
  } catch {
    throw bad;
  }
  const { measuredOn, pairs, rates } = found;
  if (typeof measuredOn !== 'string' || typeof pairs !== 'number' || !isRateTable(rates)) throw bad;
  if (rates.length === 0) throw bad;
  return { measuredOn, pairs, rates };
}
