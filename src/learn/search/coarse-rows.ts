/**
 * Templates as rows of a table: a component's log-likelihood ratio is an inner product with the face, and a few of
 * its columns, rounded, tell nearly as much. Columns are those that tell components apart best.
 */

import type { Component } from '../odds/two-covariance.ts';
import { roughRows, type Shape } from './rough-rows.ts';
import type { Query, Row } from './row-table.ts';
import type { Columns } from './scan-kernel.ts';

/** A component's log-likelihood ratio is about unit · (constant + Σ byte · word), plus what all have in common. */
export interface CoarseRows {
  readonly unit: number;
  /** Holds until the next call. */
  encode(component: Component): Row;
  /** The row's codes alone, the most telling first. */
  codes(component: Component): Uint8Array;
  /** The same for a face; holds until the next call. */
  query(z: Float32Array): CoarseQuery;
}

/** Scores times a unit, plus what is common to all rows, are about log-likelihood ratios. */
export interface CoarseQuery {
  readonly common: number;
  /** The same for rough scores. */
  readonly rough: { readonly unit: number; readonly common: number };
  readonly query: Query;
}

/** How the components differ in Σ quadratic·z² follows from few numbers: how many photos, how clear. */
const mostShapes = 4;

/** The largest products of a column are cut to this. */
const queryLimit = 30_000;

/** The byte of the sample's largest number; those of the others may be larger. */
const largestOfSample = 100;

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
  const telling = Float64Array.from(linear, (centre, j) => {
    const variance = sample.reduce((sum, component) => sum + (component.linear[j]! - centre) ** 2, 0);
    return (variance / sample.length) * spread[j]! ** 2;
  });
  const coordinates = [...telling.keys()]
    .toSorted((a, b) => telling[b]! - telling[a]!)
    .slice(0, columns.bytes - shapes.length);
  const rough = roughRows(sample, between, linear, shapes, columns.codes);
  const largest = (value: (component: Component) => number): number =>
    sample.reduce((most, component) => Math.max(most, Math.abs(value(component))), 1e-9);
  const shapeScales = shapes.map((shape) => largest((c) => shape.of(c.quadratic)) / largestOfSample);
  const scales = coordinates.map((j) => largest((c) => c.linear[j]! - linear[j]!) / largestOfSample);
  const unit =
    Math.max(
      ...shapeScales.map((scale) => scale * Math.sqrt(spread.length) * 3),
      ...scales.map((scale, i) => scale * spread[coordinates[i]!]! * farthest),
    ) / queryLimit;
  const bytes = new Int8Array(columns.bytes);
  const words = new Int16Array(columns.bytes);
  const partsOf = (component: Component): number[] => shapes.map((shape) => shape.of(component.quadratic));
  return {
    unit,
    codes: (component) => rough.encode(component, partsOf(component)).codes,
    encode(component) {
      const parts = partsOf(component);
      for (let i = 0; i < parts.length; i++) bytes[i] = byte(parts[i]! / shapeScales[i]!);
      for (let i = 0; i < coordinates.length; i++) {
        const j = coordinates[i]!;
        bytes[shapes.length + i] = byte((component.linear[j]! - linear[j]!) / scales[i]!);
      }
      const constant = Math.round(constantOf(component) / unit);
      return { ...rough.encode(component, parts), bytes, constant };
    },
    query(z) {
      let common = 0;
      for (let j = 0; j < z.length; j++) common += (quadratic[j]! * z[j]! + linear[j]!) * z[j]!;
      const asked = shapes.map((shape) => shape.asked(z));
      for (const [i, value] of asked.entries()) words[i] = word((value * shapeScales[i]!) / unit);
      for (const [i, j] of coordinates.entries())
        words[shapes.length + i] = word((z[j]! * scales[i]!) / unit);
      const { query, unit: roughUnit, common: roughCommon } = rough.query(z, asked);
      return {
        common,
        rough: { unit: roughUnit, common: common + roughCommon },
        query: { ...query, words },
      };
    },
  };
}

function constantOf({ constant, weight }: Component): number {
  return constant + Math.log(weight);
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
      expected: shape.reduce((sum, v) => sum + v, 0),
    };
  });
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
