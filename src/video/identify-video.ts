/** RECIPE: who is in a video, and when? */

import type { Config } from '../config.ts';
import { WhosinError } from '../errors.ts';
import type { Faces } from '../faces/open-faces.ts';
import type { PeopleModel } from '../faces/people/model-file.ts';
import { decideFrame, type FrameDecisions, scaled, withTracks } from './frame-decisions.ts';
import type { IdentifiedVideo } from './identified-video.ts';
import { nameTracks } from './name-tracks.ts';
import { peopleOverTime } from './people-over-time.ts';
import { readTracks, type TrackOptions } from './read-tracks.ts';

export interface VideoOptions extends Omit<TrackOptions, 'onLook'> {
  /** Mirrors and screens in the picture may show a person twice. */
  readonly allowRepeats?: boolean;
  /** Decide about every face of every frame by itself too, which takes about twice as long. */
  readonly frames?: boolean;
}

/** @throws WhosinError why the file cannot be read as a video at all; `no-ffmpeg`; `cancelled` */
export async function identifyVideo(
  path: string,
  model: PeopleModel,
  { reader, background }: Pick<Faces, 'reader' | 'background'>,
  config: Config,
  options: VideoOptions = {},
): Promise<IdentifiedVideo> {
  const { allowRepeats = false } = options;
  if (model.space !== reader.space) {
    throw new WhosinError(
      'wrong-space',
      `The model was trained in the embedding space "${model.space}", this pack reads faces in "${reader.space}": train it again, or use the pack that it was trained with.`,
    );
  }
  const alone: FrameDecisions[] = [];
  const { video, tracks, scale, ...rest } = await readTracks(path, { reader, background }, config, {
    ...options,
    onLook: async (frame, seen) => {
      if (options.frames) alone.push(await decideFrame(model, reader, frame, seen, allowRepeats));
    },
  });
  const named = nameTracks(model, background, tracks, { allowRepeats });
  const { width, height, duration, frameRate } = video;
  return {
    path,
    width,
    height,
    duration,
    frameRate,
    ...rest,
    people: peopleOverTime(named),
    tracks: named.map((track) => ({ ...track, sightings: track.sightings.map((s) => scaled(s, scale)) })),
    looks: withTracks(alone, tracks, scale),
  };
}
