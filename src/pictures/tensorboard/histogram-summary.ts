/** Histograms as TensorFlow counts them (tensorflow/core/lib/histogram/histogram.cc). */

export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  /** `bucket[i]` counts the values from `bucketLimit[i - 1]` up to, not including, `bucketLimit[i]`. */
  readonly bucketLimit: number[];
  readonly bucket: number[];
}

/** Each bucket is ten percent wider than the one nearer to zero. */
const growth = 1.1;

/** Ascending: the negative limits, 0, the positive ones. */
const limits: Float64Array = (() => {
  const positive: number[] = [];
  for (let limit = 1e-12; limit < 1e20; limit *= growth) positive.push(limit);
  positive.push(Number.MAX_VALUE);
  return Float64Array.from([...positive.map((limit) => -limit).toReversed(), 0, ...positive]);
})();

/** A run of empty buckets is written as one. */
export function histogramOf(values: ArrayLike<number>): Histogram {
  const counts = new Float64Array(limits.length);
  let [min, max, sum, sumSquares] = [Infinity, -Infinity, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    counts[bucketOf(value)]!++;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    sumSquares += value * value;
  }
  const bucketLimit: number[] = [];
  const bucket: number[] = [];
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0) while (counts[i + 1] === 0) i++;
    bucketLimit.push(limits[i]!);
    bucket.push(counts[i]!);
  }
  return { min, max, num: values.length, sum, sumSquares, bucketLimit, bucket };
}

/** The first bucket whose limit is above the value. */
function bucketOf(value: number): number {
  let low = 0;
  let high = limits.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (limits[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
