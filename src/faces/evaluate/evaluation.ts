/** The result of an evaluation: every number with its counts and its interval, and every mistake with its photo. */

import type { Calibrations } from '../../learn/measure/calibration-metrics.ts';
import type { Share } from '../../learn/measure/intervals.ts';
import type { EnrolledOutcomes, LogLoss } from '../../learn/measure/metrics.ts';
import type { DetPoint, IdentificationRate, Suggestion } from '../../learn/measure/open-set-metrics.ts';
import type { SkippedPhoto } from '../../photos/read-dataset.ts';
import type { LikelyWrongLabel, Mistake, PersonRow, UnnamedPhoto } from './evaluation-lists.ts';
import type { OtherFace } from './labelled-faces.ts';

export interface Evaluation {
  readonly protocol: Protocol;
  readonly setting: Setting;
  readonly photos: number;
  /** Photos in which a face was found, of all photos of people. */
  readonly detection: Share | null;
  readonly enrolled: EnrolledOutcomes & {
    readonly people: number;
    readonly photos: number;
    /** The likeliest name is right, whatever its probability. */
    readonly rankOne: Share | null;
  };
  readonly strangers: { readonly people: number; readonly faces: number; readonly named: Share | null };
  readonly identification: readonly IdentificationRate[];
  readonly logLoss: LogLoss;
  readonly calibration: Calibrations;
  readonly det: readonly DetPoint[];
  /** null if there are too few strangers to suggest anything. */
  readonly suggested: Suggestion | null;
  readonly perPerson: readonly PersonRow[];
  /** Enrolled people who were given somebody else's name. */
  readonly wrongNames: readonly Mistake[];
  readonly namedStrangers: readonly Mistake[];
  readonly calledUnknown: readonly UnnamedPhoto[];
  readonly noFace: readonly string[];
  readonly likelyWrong: readonly LikelyWrongLabel[];
  /** Faces beside the labelled ones: nobody has said whose they are, so they count for nothing. */
  readonly others: { readonly faces: number; readonly named: readonly OtherFace[] };
  /** Folders of the evaluation whose names cannot be given: their people count as strangers. */
  readonly strangerFolders: readonly string[];
  /** Left out because the model was trained with them. */
  readonly taught: readonly string[];
  /** People with a single photo: it cannot be learnt and asked about both. */
  readonly alone: readonly string[];
  readonly skipped: readonly SkippedPhoto[];
  readonly unreadable: number;
  /** Things about the folders that look as if they were not meant so, a sentence each. */
  readonly doubts: readonly string[];
}

export type Protocol =
  | { readonly kind: 'model' }
  | {
      readonly kind: 'cross-validation';
      readonly parts: number;
      /** Whether strangers were given, or each person was left out once to be one. */
      readonly strangers: 'given' | 'left-out' | 'none';
    };

export interface Setting {
  readonly minProbability: number;
  readonly priorUnknown: number;
  /** The rate of strangers named that the suggested setting keeps. */
  readonly maxWrong: number;
}
