/**
 * Templates as rows of bytes: a component's log-likelihood ratio is an inner product with the face, and a few of
 * its columns, rounded, tell nearly as much. Columns are those that tell components apart best.
 */

import type { Constants } from './row-table.ts';
import type { Columns } from './scan-kernel.ts';
import type { Component } from './two-covariance.ts';

/** A component's log-likelihood ratio is about unit · (constants + Σ byte · query), plus what all have in common. */
export interface CoarseRows {
  readonly unit: number;
  /** The row's bytes are written to `bytes`, those first that tell most; returned are its constants. */
  encode(component: Component, bytes: Int8Array): Constants;
  /** The same for a face: its numbers are written to `words`; returned is what all rows have in common. */
  query(z: Float32Array, words: Int16Array): number;
}

/** How the components differ in Σ quadratic·z² follows from few numbers: how many photos, how clear. */
const mostShapes = 4;

/** Of the largest products of a column, this much is kept: what is larger is cut. */
const queryLimit = 30_000;

/** The largest coordinate of a face that is expected, in standard deviations. */
const farthest = 7;

/**
 * @param sample of the components
 * @param between of the two-covariance model: people's variance, where photos scatter with variance 1
 */
export function coarseRows(
  sample: readonly Component[],
  between: Float32Array,
  columns: Columns,
): CoarseRows {
  const spread = between.map((b) => Math.sqrt(b + 1));
  const quadratic = meanOf(sample.map((component) => component.quadratic));
  const linear = meanOf(sample.map((component) => component.linear));
  const shapes = shapesOf(sample, quadratic, spread);
  const coordinates = mostTelling(sample, linear, spread, columns.first + columns.rest - shapes.length);
  const restOf = constantOf(sample, between, coordinates.slice(columns.first - shapes.length));
  const largest = (value: (component: Component) => number): number =>
    sample.reduce((most, component) => Math.max(most, Math.abs(value(component))), 1e-9);
  const shapeScales = shapes.map((shape) => largest((c) => shape.of(c.quadratic)) / 127);
  const scales = coordinates.map((j) => largest((c) => c.linear[j]! - linear[j]!) / 127);
  const unit =
    Math.max(
      ...shapeScales.map((scale) => scale * Math.sqrt(spread.length) * 3),
      ...scales.map((scale, i) => scale * spread[coordinates[i]!]! * farthest),
    ) / queryLimit;
  return {
    unit,
    encode(component, bytes) {
      for (const [i, shape] of shapes.entries())
        bytes[i] = byte(shape.of(component.quadratic) / shapeScales[i]!);
      for (const [i, j] of coordinates.entries()) {
        bytes[shapes.length + i] = byte((component.linear[j]! - linear[j]!) / scales[i]!);
      }
      const rest = restOf(component);
      const first = component.constant + Math.log(component.weight) - rest;
      return { first: Math.round(first / unit), rest: Math.round(rest / unit) };
    },
    query(z, words) {
      let common = 0;
      for (let j = 0; j < z.length; j++) common += (quadratic[j]! * z[j]! + linear[j]!) * z[j]!;
      for (const [i, shape] of shapes.entries()) words[i] = word((shape.asked(z) * shapeScales[i]!) / unit);
      for (const [i, j] of coordinates.entries())
        words[shapes.length + i] = word((z[j]! * scales[i]!) / unit);
      return common;
    },
  };
}

/** A direction in which quadratic parts differ. */
interface Shape {
  /** How far a quadratic part lies in it. */
  of(quadratic: Float32Array): number;
  /** What that is worth for a face. */
  asked(z: Float32Array): number;
}

/** By Gram–Schmidt, always from the quadratic part that those found so far explain least. */
function shapesOf(sample: readonly Component[], mean: Float32Array, spread: Float32Array): Shape[] {
  // Weighed by what z² is on average, so that the largest difference is that of the scores.
  const weighed = (quadratic: Float32Array): Float64Array =>
    Float64Array.from(quadratic, (q, j) => (q - mean[j]!) * spread[j]! ** 2);
  const left = sample.map(({ quadratic }) => weighed(quadratic));
  const found: Float64Array[] = [];
  while (found.length < mostShapes) {
    const lengths = left.map((rest) => Math.sqrt(product(rest, rest)));
    const longest = lengths.reduce((best, length, i) => (length > lengths[best]! ? i : best), 0);
    // A tenth of a nat moves nobody up or down.
    if (!(lengths[longest]! * Math.sqrt(spread.length) > 0.1)) break;
    const shape = left[longest]!.map((v) => v / lengths[longest]!);
    for (const rest of left) {
      const along = product(rest, shape);
      for (let j = 0; j < rest.length; j++) rest[j]! -= along * shape[j]!;
    }
    found.push(shape);
  }
  return found.map((shape) => {
    const [forPart, forFace] = [
      shape.map((v, j) => v * spread[j]! ** 2),
      shape.map((v, j) => v / spread[j]! ** 2),
    ];
    const offset = product(mean, forPart);
    return {
      of: (quadratic) => product(quadratic, forPart) - offset,
      asked(z) {
        let sum = 0;
        for (let j = 0; j < z.length; j++) sum += forFace[j]! * z[j]! * z[j]!;
        return sum;
      },
    };
  });
}

/** The coordinates whose products differ most from component to component, the most telling first. */
function mostTelling(
  sample: readonly Component[],
  mean: Float32Array,
  spread: Float32Array,
  count: number,
): number[] {
  const telling = Float64Array.from(mean, (centre, j) => {
    const variance = sample.reduce((sum, { linear }) => sum + (linear[j]! - centre) ** 2, 0);
    return variance * spread[j]! ** 2;
  });
  return [...telling.keys()].toSorted((a, b) => telling[b]! - telling[a]!).slice(0, count);
}

/**
 * The part of a component's constant that comes with some coordinates. By them alone or without them a component is
 * judged fairly only with its own part: who is far out in them has a low constant, and high products to make up
 * for it. A coordinate's part goes with linear² · spread of a new photo (see `place` in two-covariance.ts); how steeply
 * is read off the sample, because how clear the photos were is not known any more.
 */
function constantOf(
  sample: readonly Component[],
  between: Float32Array,
  coordinates: readonly number[],
): (component: Component) => number {
  const spread = between.map((b) => b / (b + 1) + 1);
  const all = sample.map(({ linear }) => linear.reduce((sum, v, j) => sum + v * v * spread[j]!, 0));
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [meanAll, meanConstant] = [mean(all), mean(sample.map(({ constant }) => constant))];
  const together = mean(sample.map(({ constant }, i) => (constant - meanConstant) * (all[i]! - meanAll)));
  const slope = together / Math.max(mean(all.map((v) => (v - meanAll) ** 2)), 1e-9);
  return ({ linear }) => {
    let sum = 0;
    for (const j of coordinates) sum += linear[j]! * linear[j]! * spread[j]!;
    return slope * sum;
  };
}

function meanOf(rows: readonly Float32Array[]): Float32Array {
  const sum = new Float64Array(rows[0]!.length);
  for (const row of rows) for (let j = 0; j < sum.length; j++) sum[j]! += row[j]!;
  return Float32Array.from(sum, (v) => v / rows.length);
}

function product(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}

function byte(value: number): number {
  return Math.max(-127, Math.min(127, Math.round(value)));
}

function word(value: number): number {
  return Math.max(-32_767, Math.min(32_767, Math.round(value)));
}
