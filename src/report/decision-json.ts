/** How boxes and decisions are written in every `--json` form: the documented names, schema 1. */

import { type Damage, damagedShare } from '../core/damage.ts';
import type { Box, Size } from '../core/geometry.ts';
import type { Decision } from '../faces/people/gallery.ts';
import type { IdentifiedPhoto } from '../faces/people/identify.ts';
import type { BoxJson, IdentifiedJson } from './schema/recognition-schema.ts';

/** The JSON of `identify --json` for a photo, schema 1 of docs/JSON.md: boxes in pixels of the upright photo, `person` null for unknown. */
export function photoJson(photo: IdentifiedPhoto): IdentifiedJson {
  if (photo.kind === 'failure') {
    const { code, message } = photo.error;
    return { schema: 1, file: photo.path, faces: [], error: { code, message } };
  }
  return {
    schema: 1,
    file: photo.path,
    width: photo.width,
    height: photo.height,
    ...damageJson(photo),
    faces: photo.faces.map(({ box, score, quality, decision }) => ({
      box: boxJson(box),
      score: round(score, 4),
      quality: round(quality, 4),
      ...decisionJson(decision),
    })),
  };
}

/** Pixels with one digit. */
export function boxJson({ left, top, width, height }: Box<'px'>): BoxJson {
  return { left: round(left, 1), top: round(top, 1), width: round(width, 1), height: round(height, 1) };
}

/** The damage of a photo; an empty object if it is whole. */
export function damageJson(photo: Size & { readonly damage?: Damage }): Pick<IdentifiedJson, 'damage'> {
  const { damage } = photo;
  if (damage === undefined) return {};
  const { kind, part } = damage;
  return { damage: { kind, share: round(damagedShare(damage, photo), 4), box: boxJson(part) } };
}

/** `person` is null for unknown. */
export function decisionJson(
  decision: Decision,
): Omit<IdentifiedJson['faces'][number], 'box' | 'score' | 'quality'> {
  return {
    person: decision.kind === 'known' ? decision.person : null,
    probability: uncertain(decision.probability),
    unknown: uncertain(decision.unknown),
    candidates: decision.candidates.map(({ person, probability: p }) => ({
      person,
      probability: uncertain(p),
    })),
  };
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Six digits, and never certain: nothing rounds to 0 or 1. */
export function uncertain(p: number): number {
  return Math.min(Math.max(round(p, 6), 1e-6), 1 - 1e-6);
}
