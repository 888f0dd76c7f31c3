/** RECIPE: who is in a video, and when? */

import type { Config } from '../config.ts';
import { lighten } from '../core/image.ts';
import { WhosinError } from '../errors.ts';
import type { Faces } from '../faces/open-faces.ts';
import type { PeopleModel } from '../faces/people/model-file.ts';
import { followFaces } from './follow-faces.ts';
import { decideFrame, type FrameDecisions, scaled, withTracks } from './frame-decisions.ts';
import { eachFrame, readFrames, workingSize } from './frames.ts';
import type { IdentifiedVideo } from './identified-video.ts';
import { linkTracks } from './link.ts';
import { nameTracks } from './name-tracks.ts';
import { peopleOverTime } from './people-over-time.ts';
import { probeVideo } from './probe.ts';
import { samePersonBy } from './track.ts';

export interface VideoOptions {
  /** Look at every n-th frame; if left out, at about six frames a second. */
  readonly every?: number;
  /** Seconds; the whole clip if left out. */
  readonly start?: number;
  readonly end?: number;
  /** Mirrors and screens in the picture may show a person twice. */
  readonly allowRepeats?: boolean;
  /** Decide about every face of every frame by itself too, which takes about twice as long. */
  readonly frames?: boolean;
  readonly signal?: AbortSignal;
  /** Told after every frame: how far it is, in seconds of the clip. */
  readonly onProgress?: (time: number, until: number | null) => void;
}

const looksPerSecond = 6;

/** @throws WhosinError why the file cannot be read as a video at all; `no-ffmpeg`; `cancelled` */
export async function identifyVideo(
  path: string,
  model: PeopleModel,
  { reader, background }: Pick<Faces, 'reader' | 'background'>,
  config: Config,
  options: VideoOptions = {},
): Promise<IdentifiedVideo> {
  const { start = 0, end, allowRepeats = false, signal, onProgress } = options;
  if (model.space !== reader.space) {
    throw new WhosinError(
      'wrong-space',
      `The model was trained in the embedding space "${model.space}", this pack reads faces in "${reader.space}": train it again, or use the pack that it was trained with.`,
    );
  }
  const video = await probeVideo(path, config, signal);
  const every = options.every ?? Math.max(1, Math.round(video.frameRate / looksPerSecond));
  const until = end === undefined ? video.duration : Math.min(end, video.duration ?? end);
  const range = { every, start, ...(end !== undefined && { end }), ...(signal && { signal }) };

  const follower = followFaces(reader.steps, samePersonBy(background));
  const alone: FrameDecisions[] = [];
  const cuts: number[] = [];
  let looked = 0;
  const ending = await eachFrame(readFrames(video, config, range), async (given) => {
    const frame = { ...given, image: lighten(given.image) };
    const seen = await follower.look(frame);
    if (options.frames) alone.push(await decideFrame(model, reader, frame, seen, allowRepeats));
    cuts.push(...frame.cuts);
    looked++;
    onProgress?.(frame.time, until);
  });

  const tracks = linkTracks(background, await follower.end());
  const named = nameTracks(model, background, tracks, { allowRepeats });
  const scale = video.width / workingSize(video).width;
  const { width, height, duration, frameRate } = video;
  return {
    path,
    width,
    height,
    duration,
    frameRate,
    read: { from: start, to: Math.max(start, ending.time), frames: ending.frames, looked },
    cuts,
    people: peopleOverTime(named),
    tracks: named.map((track) => ({ ...track, sightings: track.sightings.map((s) => scaled(s, scale)) })),
    looks: withTracks(alone, tracks, scale),
    ...(ending.cutOff !== undefined && { cutOff: ending.cutOff }),
  };
}
