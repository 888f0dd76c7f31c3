/** The `--json` forms of videos; documented in docs/JSON.md. */

import type { WhosinError } from '../errors.ts';
import type { IdentifiedVideo, Look } from '../video/identified-video.ts';
import type { Span } from '../video/timeline.ts';
import { boxJson, decisionJson, round, uncertain } from './decision-json.ts';

export function videoJson(video: IdentifiedVideo): object {
  const { path, width, height, duration, frameRate, read, cuts, people, tracks, cutOff } = video;
  return {
    schema: 1,
    file: path,
    width,
    height,
    duration: duration === null ? null : seconds(duration),
    frameRate: round(frameRate, 3),
    read: { ...read, from: seconds(read.from), to: seconds(read.to) },
    cuts: cuts.map(seconds),
    people: people.map(({ person, unknown, probability, best, seconds: seen, spans, tracks: own }) => ({
      person,
      group: unknown,
      probability: uncertain(probability),
      best: seconds(best),
      seconds: seconds(seen),
      spans: spans.map(spanJson),
      tracks: own,
    })),
    tracks: tracks.map(({ from, to, still, quality, decision, unknown, sightings }) => ({
      from: seconds(from),
      to: seconds(to),
      best: seconds(still.time),
      quality: round(quality, 4),
      ...decisionJson(decision),
      group: unknown,
      boxes: sightings.map(({ time, box }) => ({ time: seconds(time), ...boxJson(box) })),
    })),
    ...(cutOff !== undefined && { error: { code: 'damaged-video', message: cutOffMessage(video) } }),
  };
}

/** One line of `--frames --json`. */
export function lookJson(path: string, { index, time, faces }: Look): object {
  return {
    schema: 1,
    file: path,
    frame: index,
    time: seconds(time),
    faces: faces.map(({ track, box, quality, decision }) => ({
      track,
      box: boxJson(box),
      quality: round(quality, 4),
      ...decisionJson(decision),
    })),
  };
}

export function failedVideoJson(path: string, { code, message }: WhosinError): object {
  return { schema: 1, file: path, people: [], tracks: [], error: { code, message } };
}

export function cutOffMessage({
  path,
  read,
  duration,
  cutOff,
}: Pick<IdentifiedVideo, 'path' | 'duration' | 'cutOff'> & {
  readonly read: { readonly to: number };
}): string {
  const of = duration === null ? '' : ` of ${duration.toFixed(1)}`;
  return `${path} is damaged or cut off after ${read.to.toFixed(1)}${of} seconds (${cutOff}); what was read until there counts.`;
}

function spanJson({ from, to, probability, best }: Span): object {
  return { from: seconds(from), to: seconds(to), probability: uncertain(probability), best: seconds(best) };
}

function seconds(value: number): number {
  return round(value, 3);
}
