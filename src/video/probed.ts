/** The facts that ffprobe writes about a file: each value has the type that it should have, or is left out. */

import { WhosinError } from '../errors.ts';

export interface ProbedStream {
  readonly index: number;
  readonly kind: string | undefined;
  readonly codec: string | undefined;
  /** In pixels as they are stored; 0 where it is not known. */
  readonly width: number;
  readonly height: number;
  /** `4:3` */
  readonly pixelAspect: string | undefined;
  /** Frames a second as fractions, `30000/1001`: on average, and the lowest that all frames fit. */
  readonly frameRates: readonly (string | undefined)[];
  readonly duration: string | undefined;
  readonly isDefault: boolean;
  readonly isCover: boolean;
  /** Degrees. */
  readonly rotation: number;
}

export interface Probed {
  readonly streams: readonly ProbedStream[];
  readonly duration: string | undefined;
}

/** Throws `damaged-video` where it is no JSON: the program was ended, or is another one. */
export function readProbed(json: string, path: string): Probed {
  let probed: unknown;
  try {
    probed = JSON.parse(json);
  } catch (error) {
    throw WhosinError.about(
      'damaged-video',
      path,
      'cannot be read as a video: ffprobe does not describe it',
      error,
    );
  }
  return {
    streams: list(member(probed, 'streams')).map(streamOf),
    duration: text(member(member(probed, 'format'), 'duration')),
  };
}

function streamOf(stream: unknown): ProbedStream {
  const disposition = (name: string): boolean => member(member(stream, 'disposition'), name) === 1;
  // Older versions write the tag alone, newer ones the matrix.
  const turns = list(member(stream, 'side_data_list')).map((data) => number(member(data, 'rotation')));
  const tag = Number(text(member(member(stream, 'tags'), 'rotate')) ?? 0);
  return {
    index: number(member(stream, 'index')) ?? 0,
    kind: text(member(stream, 'codec_type')),
    codec: text(member(stream, 'codec_name')),
    width: number(member(stream, 'width')) ?? 0,
    height: number(member(stream, 'height')) ?? 0,
    pixelAspect: text(member(stream, 'sample_aspect_ratio')),
    frameRates: ['avg_frame_rate', 'r_frame_rate'].map((name) => text(member(stream, name))),
    duration: text(member(stream, 'duration')),
    isDefault: disposition('default'),
    isCover: disposition('attached_pic'),
    rotation: turns.find((turn) => turn !== undefined) ?? (Number.isFinite(tag) ? tag : 0),
  };
}

function member(value: unknown, key: string): unknown {
  const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
  return isObject ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
