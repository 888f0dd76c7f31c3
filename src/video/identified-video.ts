/** The answer for a whole video. */

import type { Size } from '../core/geometry.ts';
import type { Decision } from '../faces/people/gallery.ts';
import type { NamedTrack } from './name-tracks.ts';
import type { PersonOverTime } from './people-over-time.ts';
import type { Sighting } from './tracklet.ts';

export interface IdentifiedVideo extends Size {
  readonly path: string;
  /** Seconds; null if the file does not say. */
  readonly duration: number | null;
  readonly frameRate: number;
  /** The part that was read: seconds, frames in all, and frames that were looked at. */
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

/** The faces of one frame, each looked at as in a photo of its own. */
export interface Look {
  /** Counts all frames from the start on. */
  readonly index: number;
  /** Seconds. */
  readonly time: number;
  readonly faces: readonly LookedAtFace[];
}

export interface LookedAtFace extends Sighting {
  /** About this frame alone. */
  readonly decision: Decision;
  /** Index of the track; null for what was taken for a face and turned out to be none. */
  readonly track: number | null;
}
