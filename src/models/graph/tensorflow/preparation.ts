/** The arithmetic that is done to the bytes of a picture before a network sees them. */

/** RGB values from 0 to 255 become (x − mean) · scale, where the scale may be one for each channel. */
export interface Preparation {
  /** One for each channel, in the order that the network takes them. */
  readonly mean: readonly [number, number, number];
  readonly scale: number | readonly [number, number, number];
  /** `bgr`: the network was trained on pictures read by OpenCV or Caffe, blue first. */
  readonly order?: 'rgb' | 'bgr';
}

/** The scale of each channel. */
export function channelScales({ scale }: Preparation): readonly number[] {
  return typeof scale === 'number' ? [scale, scale, scale] : scale;
}
