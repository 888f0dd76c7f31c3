/**
 * Faces of animals. Detectors and mesh may be as sure of a monkey's face as of a person's; its embedding lies far away from those of
 * people, grown up or not, and all along one direction (fit/fit-animals.ts).
 */

import { dot } from '../../core/embedding.ts';
import type { OwnFile } from '../../models/weight-file.ts';
import { readVerified } from '../../runtime/weight-files.ts';

/** Places along the direction are counted from the middle of people, in standard deviations of people. */
export interface AnimalDirection {
  /** [d] */
  readonly direction: Float32Array;
  /** The place of the middle of people along the direction before it is taken off. */
  readonly middle: number;
  /** Up to here lie people, */
  readonly people: number;
  /** and from here on animals. */
  readonly animals: number;
}

/** Throws `bad-weights` if the file is missing or another one. */
export async function readAnimals(file: OwnFile): Promise<AnimalDirection> {
  const stored = JSON.parse(new TextDecoder().decode(await readVerified(file))) as StoredDirection;
  return { ...stored, direction: Float32Array.from(stored.direction) };
}

export type StoredDirection = Omit<AnimalDirection, 'direction'> & { readonly direction: readonly number[] };

/** The share of its presence that is left of a face, 0 to 1. @param values of its embedding, [d] */
export function trustAsPerson(
  { direction, middle, people, animals }: AnimalDirection,
  values: Float32Array,
): number {
  const along = dot(direction, values) - middle;
  return Math.max(0, Math.min(1, (animals - along) / (animals - people)));
}
