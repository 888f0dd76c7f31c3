/** Messages between the server and the process that runs networks: plain data alone, which can be cloned. */

import type { AddStage } from '../album/scan/add.ts';
import type { Config } from '../config.ts';
import type { Box } from '../core/geometry.ts';
import type { ErrorCode } from '../errors.ts';
import type { TrainPart } from '../faces/people/train-on-examples.ts';
import type { NamedBytes } from '../photos/photo-input.ts';
import type { ModelJson } from '../report/schema/model-schema.ts';
import type {
  ClassifiedJson,
  FoundFacesJson,
  IdentifiedJson,
  VerifiedJson,
} from '../report/schema/recognition-schema.ts';
import type {
  CurvePointJson,
  EvaluationReportJson,
  TrainingReportJson,
} from '../report/schema/training-schema.ts';

/** Whom faces are compared with: the people of a model file, or those of an album. */
export type PeopleSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'album'; readonly place: string };

export interface StageProgress {
  readonly stage: AddStage;
  readonly done: number;
  /** 0 if it is not known. */
  readonly total: number;
}

/** `fit`: the layer is fitted, a point of its curve with each; `calibrate`: its probabilities. */
export interface TrainProgress extends Omit<StageProgress, 'stage'> {
  readonly stage: 'read' | TrainPart | 'fit' | 'calibrate';
  readonly point?: CurvePointJson;
}

/** Files and their bytes. */
export interface Use {
  readonly files: number;
  readonly bytes: number;
}

interface Work<I, O, P = never> {
  readonly input: I;
  readonly output: O;
  readonly progress: P;
}

/** Each kind of work with its input, its output and what it reports on the way. Answers have the forms of docs/JSON.md. */
export interface Works {
  /** Photos and videos into an album; the sentence for each failure is in the answer. */
  readonly add: Work<{ readonly place: string; readonly paths: readonly string[] }, object, StageProgress>;
  readonly identify: Work<
    {
      readonly photos: readonly NamedBytes[];
      readonly people: PeopleSource;
      /** The share of strangers who may get a name; as the model has it if left out. */
      readonly maxWrong?: number | undefined;
    },
    IdentifiedJson[]
  >;
  readonly verify: Work<{ readonly a: NamedBytes; readonly b: NamedBytes }, VerifiedJson>;
  readonly faces: Work<{ readonly photos: readonly NamedBytes[] }, FoundFacesJson[]>;
  readonly classify: Work<
    { readonly photos: readonly NamedBytes[]; readonly model?: string | undefined; readonly top: number },
    ClassifiedJson[]
  >;
  /** Folders become a model file; the pictures of its mistakes are written as `0.jpg`, `1.jpg` … in their order. */
  readonly train: Work<
    {
      readonly on: 'people' | 'pictures';
      readonly folder: string;
      readonly file: string;
      readonly pictures: string;
      /** The pack that a layer of pictures is put on; the one that comes with whosin for null. */
      readonly network: string | null;
      /** Steps of a descent as in retrain.py; null for the optimum. */
      readonly steps: number | null;
    },
    TrainingReportJson,
    TrainProgress
  >;
  /** Asks a model about labelled photos, and writes a page about them. */
  readonly evaluate: Work<
    {
      readonly folder: string;
      readonly model: PeopleSource | { readonly kind: 'pictures'; readonly model: string };
      /** As people call the folder, and the model. */
      readonly shown: string;
      readonly name: string;
      readonly page: string;
    },
    EvaluationReportJson,
    StageProgress
  >;
  /** The models that are here. */
  readonly models: Work<null, readonly ModelJson[]>;
  /** How much the cache takes, and each of these folders. */
  readonly stored: Work<
    { readonly folders: readonly string[] },
    { readonly photos: Use; readonly networks: Use; readonly folders: readonly Use[] }
  >;
  readonly clearCache: Work<'photos' | 'networks', Use>;
  /** Squares around faces of one photo, as JPEG files. */
  readonly faceThumbnails: Work<
    { readonly path: string; readonly boxes: readonly Box<'ratio'>[]; readonly side: number },
    readonly Uint8Array[]
  >;
  /** The whole photo, upright and no higher or wider than `side`, as a JPEG file. */
  readonly photoThumbnail: Work<{ readonly path: string; readonly side: number }, Uint8Array>;
}

export type WorkKind = keyof Works;
export type Input<K extends WorkKind> = Works[K]['input'];
export type Output<K extends WorkKind> = Works[K]['output'];
export type Progress<K extends WorkKind> = Works[K]['progress'];

export interface WorkMessage {
  readonly id: number;
  readonly kind: WorkKind;
  readonly input: unknown;
}

export type ToEngine =
  /** The first message: settings, without functions. */
  | { readonly id: 0; readonly kind: 'open'; readonly config: Config }
  | WorkMessage
  | { readonly id: number; readonly kind: 'cancel' };

export type FromEngine =
  | { readonly id: number; readonly progress: unknown }
  | { readonly id: number; readonly output: unknown }
  /** A WhosinError, or a fault of whosin's own, which has no code. */
  | { readonly id: number; readonly error: CarriedError };

/** An error would lose its class and its code on the way. */
export interface CarriedError {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly path?: string | undefined;
  readonly reason?: string | undefined;
}
