/** RECIPE: what is in a video, and when? */

import type { Config } from '../config.ts';
import type { PictureClassifier } from '../pictures/classifier.ts';
import { eachFrame, readFrames } from './frames.ts';
import { followLabels, type LabelledSpan, type Scores } from './labels-over-time.ts';
import { probeVideo } from './probe.ts';

export interface ClassifyVideoOptions {
  /** Look at every n-th frame; if left out, at about two frames a second. */
  readonly every?: number;
  /** Seconds; the whole clip if left out. */
  readonly start?: number;
  readonly end?: number;
  /** A label is said where its score, averaged over five looks, reaches it. */
  readonly minScore: number;
  readonly signal?: AbortSignal;
  /** Told of every look, with what the model says of that frame alone. */
  readonly onLook?: (look: LabelLook) => void;
  /** Told after every look: how far it is, in seconds of the clip. */
  readonly onProgress?: (time: number, until: number | null) => void;
}

export interface LabelLook {
  readonly index: number;
  /** Seconds. */
  readonly time: number;
  readonly scores: Scores;
}

export interface ClassifiedVideo {
  readonly path: string;
  /** In seconds; null if the file does not say. */
  readonly duration: number | null;
  readonly read: { readonly from: number; readonly to: number; readonly looked: number };
  readonly spans: readonly LabelledSpan[];
  /** Why the end was not reached; absent if it was. */
  readonly cutOff?: string;
}

const looksPerSecond = 2;

/** @throws WhosinError why the file cannot be read as a video at all; `no-ffmpeg`; `cancelled` */
export async function classifyVideo(
  path: string,
  model: PictureClassifier,
  config: Config,
  { start = 0, end, minScore, signal, onLook, onProgress, ...options }: ClassifyVideoOptions,
): Promise<ClassifiedVideo> {
  const video = await probeVideo(path, config, signal);
  const every = options.every ?? Math.max(1, Math.round(video.frameRate / looksPerSecond));
  const until = end === undefined ? video.duration : Math.min(end, video.duration ?? end);
  const range = { every, start, ...(end !== undefined && { end }), ...(signal && { signal }) };
  const follower = followLabels(minScore);
  let looked = 0;
  const ending = await eachFrame(readFrames(video, config, range), async ({ image, index, time, cuts }) => {
    const { labels } = await model.classify({ image, width: image.width, height: image.height });
    const scores = new Map(labels.map(({ label, score }) => [label, score]));
    follower.look({ time, cuts }, scores);
    onLook?.({ index, time, scores });
    looked++;
    onProgress?.(time, until);
  });
  return {
    path,
    duration: video.duration,
    read: { from: start, to: Math.max(start, ending.time), looked },
    spans: follower.end(),
    ...(ending.cutOff !== undefined && { cutOff: ending.cutOff }),
  };
}
