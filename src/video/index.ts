/** Videos: who is in them and when; frames with their times, and labels over time for any function of a picture. */

export {
  type ClassifiedVideo,
  type ClassifyVideoOptions,
  classifyVideo,
  type LabelLook,
} from './classify-video.ts';
export { type DrawVideoOptions, drawVideo, type LabelsAt } from './draw-video.ts';
export { type Ending, type Frame, type FrameOptions, readFrames } from './frames.ts';
export type { IdentifiedVideo, Look } from './identified-video.ts';
export { identifyVideo, type VideoOptions } from './identify-video.ts';
export { followLabels, type LabelFollower, type LabelledSpan, type Scores } from './labels-over-time.ts';
export type { NamedTrack } from './name-tracks.ts';
export type { PersonOverTime } from './people-over-time.ts';
export { probeVideo, type Video } from './probe.ts';
export { type Span, spansOf } from './timeline.ts';
