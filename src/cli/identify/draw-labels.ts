/** The boxes that `--draw` shows on each frame of a clip: those of its tracks, each with its name from start to end. */

import { probability, trackLabel } from '../../report/words.ts';
import type { LabelsAt } from '../../video/draw-video.ts';
import type { IdentifiedVideo } from '../../video/identified-video.ts';
import { boxAt } from '../../video/tracklet.ts';

/** A box stays for a moment before and after it was looked at: looks are a sixth of a second apart. */
const margin = 0.1;

export function labelsOf({ tracks, cuts }: IdentifiedVideo): LabelsAt {
  const labelled = tracks
    .filter((track) => trackLabel(track) !== 'unclear')
    .map((track) => ({
      ...track,
      tone: track.decision.kind,
      // Isolated, or a name written from right to left would carry the number along.
      text:
        track.decision.kind === 'known'
          ? `\u2068${track.decision.person}\u2069 ${probability(track.decision.probability)}`
          : trackLabel(track),
    }));
  return (time) =>
    labelled.flatMap(({ from, to, sightings, text, tone }) => {
      if (time < from - margin || time > to + margin) return [];
      const nearest = Math.min(Math.max(time, from), to);
      if (
        nearest !== time &&
        cuts.some((cut) => cut > Math.min(time, nearest) && cut <= Math.max(time, nearest))
      )
        return [];
      const box = boxAt(sightings, nearest);
      return box ? [{ box, text, tone }] : [];
    });
}
