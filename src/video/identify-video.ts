/** RECIPE: who is in a video, and when? */

import type { Config } from '../config.ts';
import { type Size, scaleBox } from '../core/geometry.ts';
import { WhosinError } from '../errors.ts';
import { type Decision, decide } from '../faces/gallery.ts';
import type { Faces } from '../faces/open-faces.ts';
import type { FaceReader } from '../faces/read-faces.ts';
import type { PeopleModel } from '../learn/model-file.ts';
import { followFaces, type SeenFace } from './follow-faces.ts';
import { type Frame, readFrames, workingSize } from './frames.ts';
import { linkTracks } from './link.ts';
import { type NamedTrack, nameTracks } from './name-tracks.ts';
import { type PersonOverTime, peopleOverTime } from './people-over-time.ts';
import { probeVideo } from './probe.ts';
import { samePersonBy } from './track.ts';
import type { Sighting } from './tracklet.ts';

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

export interface IdentifiedVideo extends Size {
  readonly path: string;
  /** Seconds; null where the file does not say. */
  readonly duration: number | null;
  readonly frameRate: number;
  /** What was read: seconds, frames in all, and frames that were looked at. */
  readonly read: {
    readonly from: number;
    readonly to: number;
    readonly frames: number;
    readonly looked: number;
  };
  /** Seconds at which a new shot begins. */
  readonly cuts: readonly number[];
  /** Those who are named first, then the unknown, each by how long they are seen. */
  readonly people: readonly PersonOverTime[];
  /** Boxes in pixels of the upright clip. */
  readonly tracks: readonly NamedTrack[];
  /** One for each frame that was looked at; empty unless asked for. */
  readonly looks: readonly Look[];
  /** Why the end was not reached; what was read until then counts. */
  readonly cutOff?: string;
}

interface Place {
  /** Counts all frames from the start on. */
  readonly index: number;
  /** Seconds. */
  readonly time: number;
}

/** The faces of one frame, each looked at as in a photo of its own. */
export interface Look extends Place {
  readonly faces: readonly LookedAtFace[];
}

export interface LookedAtFace extends Sighting {
  /** About this frame alone. */
  readonly decision: Decision;
  /** Index of the track; null for what was taken for a face and turned out to be none. */
  readonly track: number | null;
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
  if (model.space !== reader.space) throw wrongSpace(model, reader);
  const video = await probeVideo(path, config, signal);
  const every = options.every ?? Math.max(1, Math.round(video.frameRate / looksPerSecond));
  const until = Math.min(end ?? Number.POSITIVE_INFINITY, video.duration ?? Number.POSITIVE_INFINITY);
  const range = { every, start, ...(end !== undefined && { end }), ...(signal && { signal }) };

  const follower = followFaces(reader.steps, samePersonBy(background));
  const frames = readFrames(video, config, range);
  const looks: (Place & { readonly faces: readonly FaceAlone[] })[] = [];
  const cuts: number[] = [];
  let looked = 0;
  let next = await frames.next();
  for (; !next.done; next = await frames.next()) {
    const frame = next.value;
    const seen = await follower.look(frame);
    if (options.frames) {
      const faces = await decideAlone(model, reader, frame, seen, allowRepeats);
      looks.push({ index: frame.index, time: frame.time, faces });
    }
    looked++;
    cuts.push(...frame.cuts);
    onProgress?.(frame.time, Number.isFinite(until) ? until : null);
  }
  const ending = next.value;

  const scale = video.width / workingSize(video).width;
  const tracks = linkTracks(background, await follower.end());
  const named = nameTracks(model, background, tracks, { allowRepeats });
  const trackOf = new Map(tracks.flatMap(({ sightings }, i) => sightings.map((s) => [s, i] as const)));
  return {
    ...{
      path,
      width: video.width,
      height: video.height,
      duration: video.duration,
      frameRate: video.frameRate,
    },
    read: { from: start, to: Math.max(start, ending.time), frames: ending.frames, looked },
    cuts,
    people: peopleOverTime(named),
    tracks: named.map((track) => ({ ...track, sightings: track.sightings.map((s) => scaled(s, scale)) })),
    looks: looks.map(({ faces, ...place }) => ({
      ...place,
      faces: faces.map(({ sighting, decision }) => ({
        ...scaled(sighting, scale),
        decision,
        track: trackOf.get(sighting) ?? null,
      })),
    })),
    ...(ending.cutOff !== undefined && { cutOff: ending.cutOff }),
  };
}

interface FaceAlone {
  readonly sighting: Sighting;
  readonly decision: Decision;
}

/** The faces of one frame as those of a photo. */
async function decideAlone(
  model: PeopleModel,
  { steps }: FaceReader,
  { image }: Frame,
  seen: readonly SeenFace[],
  allowRepeats: boolean,
): Promise<FaceAlone[]> {
  const embeddings = await steps.embed(
    image,
    seen.map(({ landmarks }) => landmarks),
  );
  const probes = seen.map(({ sighting }, i) => ({ embedding: embeddings[i]!, quality: sighting.quality }));
  const decisions = decide(model, probes, { allowRepeats });
  return seen.map(({ sighting }, i) => ({ sighting, decision: decisions[i]! }));
}

function scaled<T extends Sighting>(sighting: T, by: number): T {
  return { ...sighting, box: scaleBox(sighting.box, by) };
}

function wrongSpace({ space }: PeopleModel, reader: FaceReader): WhosinError {
  return new WhosinError(
    'wrong-space',
    `The model was trained in the embedding space "${space}", this pack reads faces in "${reader.space}": train it again, or use the pack that it was trained with.`,
  );
}
