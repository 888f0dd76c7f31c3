/**
 * The model file: one ONNX file that holds everything learnt from a folder, and that any ONNX runtime can run
 * as it is. Input `embeddings` float32 [n, d] (unit length, of the space named in the metadata), output
 * `probabilities` float32 [n, people + 1]: each person's, and last that of "none of them".
 */

import type { SpaceId } from '../../core/embedding.ts';
import type { Head } from '../../learn/layer/head.ts';
import type { Recalibration } from '../../learn/odds/recalibration.ts';
import type { StrangerRates } from '../../learn/odds/stranger-rates.ts';
import type { Template, TwoCovariance } from '../../learn/odds/two-covariance.ts';

export interface PeopleModel {
  readonly space: SpaceId;
  /** Exactly as the folders were called, in the order of the outputs. */
  readonly people: readonly string[];
  readonly background: TwoCovariance;
  /** One for each person. */
  readonly templates: readonly Template[];
  /** Scale and offset of the templates' odds on this folder; the odds stay as they are if left out. */
  readonly recalibration?: Recalibration;
  /** Tells the people of this model apart; all zeros where the templates alone did best. */
  readonly head: Head;
  /** The enrolled faces: [embeddings × d] and the index of each one's person. */
  readonly gallery: readonly EnrolledEmbedding[];
  /** Probability, before looking, that a face is none of the people. */
  readonly priorUnknown: number;
  /** A name is given from this probability up. */
  readonly minProbability: number;
  /** How often strangers are given a name; left out where it could not be measured. */
  readonly strangerRates?: StrangerRates;
  /** The training report, as JSON; null once a person was renamed or removed. */
  readonly report: unknown;
}

export interface EnrolledEmbedding {
  /** Index of the person. */
  readonly person: number;
  /** [d] */
  readonly embedding: Float32Array;
  /** How clear the face is, 0 to 1; models of version 0.1 did not store it, and their faces count as clear. */
  readonly quality?: number;
}

/** Raised where a file of this version could not be read by an earlier one. */
export const modelSchema = '2';

export interface ModelSettings {
  readonly scale: number;
  readonly offset: number;
  readonly priorUnknown: number;
  readonly minProbability: number;
  readonly recalibration?: Recalibration;
  readonly strangerRates?: StrangerRates;
}
