/** The rough half of a row: a component's numbers as codes of four bits, at one scale for each row. */

import type { Component } from '../odds/two-covariance.ts';
import { codeBook } from './coarse-codes.ts';
import type { Query, Row } from './row-table.ts';

/** A direction in which quadratic parts differ. */
export interface Shape {
  /** How far a quadratic part lies in it. */
  of(quadratic: Float32Array): number;
  /** The worth of that for a face. */
  asked(z: Float32Array): number;
  /** The same on average. */
  readonly expected: number;
}

/** A rough score times `unit`, plus `common`, is about the log-likelihood ratio without what all components have in common. */
export interface RoughQuery {
  readonly query: Omit<Query, 'words'>;
  readonly unit: number;
  readonly common: number;
}

export interface RoughRows {
  /** @param parts how far the component lies in each shape */
  encode(component: Component, parts: readonly number[]): Pick<Row, 'codes' | 'scale' | 'roughConstant'>;
  /** @param asked what each shape is worth for the face */
  query(z: Float32Array, asked: readonly number[]): RoughQuery;
}

/** Variance of a shape's worth: 2 if faces are as the model has them. Unclear ones differ more. */
const variance = 8;

/** As a share of the largest scale: people who are enrolled by very unclear photos only are coded more coarsely. */
const leastScale = 0.1;

/** The largest worth of a code. */
const mostValue = 127;

/** Constants come to no more than this, so that adding them to a sum stays within sixteen bits. */
const constantLimit = 15_000;
const one = 32_767;

/** @param linear the sample's mean */
export function roughRows(
  sample: readonly Component[],
  between: Float32Array,
  linear: Float32Array,
  shapes: readonly Shape[],
  count: number,
): RoughRows {
  const anyone = between.map((b) => b + 1);
  const placed = between.map((b) => b / (b + 1) + 1);
  // How much a component has to say: with it grow all its numbers.
  const sizeOf = ({ quadratic }: Component): number => {
    let sum = 1e-9;
    for (let j = 0; j < quadratic.length; j++) sum -= quadratic[j]! * anyone[j]!;
    return sum;
  };
  const largest = sample.reduce((most, component) => Math.max(most, sizeOf(component)), 0);
  const scaleOf = (component: Component): number =>
    Math.max(leastScale, Math.min(1, sizeOf(component) / largest));
  const partsOf = ({ quadratic }: Component): number[] => shapes.map((shape) => shape.of(quadratic));
  const k = linear.length;
  const row = new Float64Array(k + shapes.length);
  const fill = (component: Component, parts: readonly number[], scale: number): void => {
    for (let j = 0; j < k; j++) row[j] = (component.linear[j]! - linear[j]!) / scale;
    for (let i = 0; i < parts.length; i++) row[k + i] = parts[i]! / scale;
  };

  const squares = new Float64Array(row.length);
  for (const component of sample) {
    fill(component, partsOf(component), scaleOf(component));
    for (let j = 0; j < k; j++) squares[j]! += row[j]! ** 2 / sample.length;
    // Shapes are not normal: the levels reach as far as the farthest.
    for (let i = k; i < row.length; i++) squares[i] = Math.max(squares[i]!, (row[i]! / 2.5) ** 2);
  }
  const telling = squares.map((square, j) => square * (anyone[j] ?? variance));
  const book = codeBook(squares.map(Math.sqrt), telling, count);

  const far = (component: Component): number => {
    let sum = 0;
    for (let j = 0; j < k; j++) sum += component.linear[j]! * component.linear[j]! * placed[j]!;
    return sum;
  };
  const slope = slopeOf(
    sample.map((component) => ({
      size: scaleOf(component),
      constant: component.constant,
      far: far(component) / scaleOf(component),
    })),
  );
  const codes = new Uint8Array(count);
  const kept = new Float64Array(row.length);
  const constantOf = (component: Component, parts: readonly number[], scale: number): number => {
    let lost = far(component);
    for (let j = 0; j < k; j++) lost -= (linear[j]! + scale * kept[j]!) ** 2 * placed[j]!;
    const average = parts.reduce((sum, part, i) => sum + part * shapes[i]!.expected, 0);
    return component.constant + Math.log(component.weight) + average - (slope * lost) / scale;
  };
  const code = (component: Component, parts: readonly number[]): { scale: number; constant: number } => {
    const scale = scaleOf(component);
    fill(component, parts, scale);
    book.encode(row, codes, kept);
    return { scale, constant: constantOf(component, parts, scale) };
  };
  const constants = sample.map((component) => code(component, partsOf(component)).constant);
  const centre = constants.reduce((sum, constant) => sum + constant / constants.length, 0);
  const constantUnit =
    constants.reduce((most, constant) => Math.max(most, Math.abs(constant - centre)), 1e-3) / one;

  const face = new Float64Array(row.length);
  const worth = new Float64Array(16 * count);
  const values = new Uint8Array(16 * count);
  return {
    encode(component, parts) {
      const { scale, constant } = code(component, parts);
      const rounded = Math.round((constant - centre) / constantUnit);
      return { codes, scale: Math.round(scale * one), roughConstant: Math.max(-one, Math.min(one, rounded)) };
    },
    query(z, asked) {
      face.set(z);
      for (const [i, shape] of shapes.entries()) face[k + i] = asked[i]! - shape.expected;
      book.worth(face, worth);
      const ranges = Array.from({ length: count }, (_, c) => {
        const own = worth.subarray(16 * c, 16 * (c + 1));
        return { least: Math.min(...own), most: Math.max(...own) };
      });
      // A sum is multiplied by 4 in the scan.
      const leastStep = (4 * constantUnit * (one + 1)) / constantLimit;
      const step = ranges.reduce(
        (widest, { least, most }) => Math.max(widest, (most - least) / mostValue),
        leastStep,
      );
      for (let i = 0; i < values.length; i++)
        values[i] = Math.round((worth[i]! - ranges[i >> 4]!.least) / step);
      const offset = Math.round(ranges.reduce((sum, { least }) => sum + least, 0) / step);
      const factor = Math.round((4 * constantUnit * (one + 1)) / step);
      return { query: { values, offset, factor }, unit: step / 4, common: centre };
    },
  };
}

/**
 * How a component's constant falls with how far out it is. Otherwise the part of a component that the codes leave out would
 * count against it without counting for it. Read off neighbours by size, because constants differ by size too.
 */
function slopeOf(
  components: readonly { readonly size: number; readonly constant: number; readonly far: number }[],
): number {
  const sorted = components.toSorted((a, b) => a.size - b.size);
  let [together, squares] = [0, 1e-9];
  for (const [i, { constant, far }] of sorted.slice(1).entries()) {
    const apart = far - sorted[i]!.far;
    together += apart * (constant - sorted[i]!.constant);
    squares += apart * apart;
  }
  return together / squares;
}
