/** The answer for each frame by itself: its faces decided as those of a photo. */

import { scaleBox } from '../core/geometry.ts';
import type { FaceReader } from '../faces/find/read-faces.ts';
import { type Decision, decide } from '../faces/people/gallery.ts';
import type { PeopleModel } from '../faces/people/model-file.ts';
import type { SeenFace } from './follow-faces.ts';
import type { Frame } from './frames.ts';
import type { Look } from './identified-video.ts';
import type { Track } from './track.ts';
import type { Sighting } from './tracklet.ts';

export interface FrameDecisions {
  readonly index: number;
  readonly time: number;
  readonly faces: readonly { readonly sighting: Sighting; readonly decision: Decision }[];
}

export async function decideFrame(
  model: PeopleModel,
  { steps }: FaceReader,
  { image, index, time }: Frame,
  seen: readonly SeenFace[],
  allowRepeats: boolean,
): Promise<FrameDecisions> {
  const embedded = await steps.embed(
    image,
    seen.map(({ landmarks }) => landmarks),
  );
  const probes = seen.map(({ sighting }, i) => {
    const { embedding, trust } = embedded[i]!;
    return { embedding, quality: sighting.quality * trust };
  });
  const decisions = decide(model, probes, { allowRepeats });
  return { index, time, faces: seen.map(({ sighting }, i) => ({ sighting, decision: decisions[i]! })) };
}

/** Once the tracks are known, each face is one of them; a face in no track turned out to be none. */
export function withTracks(
  frames: readonly FrameDecisions[],
  tracks: readonly Track[],
  scale: number,
): Look[] {
  const trackOf = new Map(tracks.flatMap(({ sightings }, i) => sightings.map((s) => [s, i] as const)));
  return frames.map(({ index, time, faces }) => ({
    index,
    time,
    faces: faces.map(({ sighting, decision }) => ({
      ...scaled(sighting, scale),
      decision,
      track: trackOf.get(sighting) ?? null,
    })),
  }));
}

/** From pixels of the working size to those of the clip. */
export function scaled(sighting: Sighting, by: number): Sighting {
  return { ...sighting, box: scaleBox(sighting.box, by) };
}
