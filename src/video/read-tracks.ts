/** RECIPE: whose faces go through a video, before anybody has a name? */

import type { Config } from '../config.ts';
import { lightening } from '../core/image.ts';
import type { Faces } from '../faces/open-faces.ts';
import { followFaces, type SeenFace } from './follow-faces.ts';
import { eachFrame, type Frame, readFrames, workingSize } from './frames.ts';
import type { IdentifiedVideo } from './identified-video.ts';
import { linkTracks } from './link.ts';
import { probeVideo, type Video } from './probe.ts';
import { samePersonBy, type Track } from './track.ts';

export interface TrackOptions {
  /** Look at every n-th frame; if left out, at about six frames a second. */
  readonly every?: number;
  /** Seconds; the whole clip if left out. */
  readonly start?: number;
  readonly end?: number;
  readonly signal?: AbortSignal;
  /** Told after every frame: how far it is, in seconds of the clip. */
  readonly onProgress?: (time: number, until: number | null) => void;
  /** Given every frame that is looked at, with the faces in it. */
  readonly onLook?: (frame: Frame, seen: readonly SeenFace[]) => Promise<void>;
}

/** Boxes are in pixels of the frames as they were looked at; times `scale` they are pixels of the clip. */
export interface VideoTracks extends Pick<IdentifiedVideo, 'read' | 'cuts' | 'cutOff'> {
  readonly video: Video;
  readonly tracks: readonly Track[];
  readonly scale: number;
}

const looksPerSecond = 6;

/** @throws WhosinError why the file cannot be read as a video at all; `no-ffmpeg`; `cancelled` */
export async function readTracks(
  path: string,
  { reader, background }: Pick<Faces, 'reader' | 'background'>,
  config: Config,
  options: TrackOptions = {},
): Promise<VideoTracks> {
  const { start = 0, end, signal, onProgress, onLook } = options;
  const video = await probeVideo(path, config, signal);
  const every = options.every ?? Math.max(1, Math.round(video.frameRate / looksPerSecond));
  const until = end === undefined ? video.duration : Math.min(end, video.duration ?? end);
  const range = { every, start, ...(end !== undefined && { end }), ...(signal && { signal }) };

  const follower = followFaces(reader.steps, samePersonBy(background));
  const cuts: number[] = [];
  let looked = 0;
  const ending = await eachFrame(readFrames(video, config, range), async (given) => {
    const frame = { ...given, image: lightening(given.image)(given.image) };
    const seen = await follower.look(frame);
    await onLook?.(frame, seen);
    cuts.push(...frame.cuts);
    looked++;
    onProgress?.(frame.time, until);
  });
  return {
    video,
    tracks: linkTracks(background, await follower.end()),
    scale: video.width / workingSize(video).width,
    read: { from: start, to: Math.max(start, ending.time), frames: ending.frames, looked },
    cuts,
    ...(ending.cutOff !== undefined && { cutOff: ending.cutOff }),
  };
}
