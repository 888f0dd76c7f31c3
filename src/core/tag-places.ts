/** The places of names on a photo: beside their boxes, covering no face and no other name. */

import { type Box, overlap, type Size } from './geometry.ts';

export interface Tag extends Size {
  /** The box that it names. */
  readonly box: Box<'px'>;
}

export interface TagPlace {
  readonly left: number;
  readonly top: number;
  /** How much smaller than wanted it is written, to 1. */
  readonly scale: number;
}

/** Tried one after another, until nothing speaks against a place. */
const scales = [1, 0.85, 0.7] as const;

/** The cost of a place, by the share of the tag that it concerns. */
const weights = {
  /** A name over a name cannot be read at all; a face is still known by what is left to see. */
  overName: 3,
  overBox: 1,
  /** Beside somebody else's box it seems to be that one's name. */
  nearOther: 0.15,
  smaller: 0.3,
} as const;

/**
 * @param unnamed boxes without a tag
 * @returns a place for each tag, in their order
 */
export function placeTags(tags: readonly Tag[], unnamed: readonly Box<'px'>[], photo: Size): TagPlace[] {
  const places = new Map<number, TagPlace>();
  const taken: Box<'px'>[] = [];
  const boxes = [...tags.map(({ box }) => box), ...unnamed];
  // Small boxes have the fewest places beside them.
  const areaOf = (i: number): number => tags[i]!.box.width * tags[i]!.box.height;
  for (const i of [...tags.keys()].toSorted((a, b) => areaOf(a) - areaOf(b))) {
    const others = boxes.filter((_, j) => j !== i);
    const { covered, scale } = best(tags[i]!, photo, (place) => against(place, boxes, others, taken));
    places.set(i, { left: covered.left, top: covered.top, scale });
    taken.push(covered);
  }
  return tags.map((_, i) => places.get(i)!);
}

function against(
  place: Box<'px'>,
  boxes: readonly Box<'px'>[],
  others: readonly Box<'px'>[],
  taken: readonly Box<'px'>[],
): number {
  const shared = (all: readonly Box<'px'>[]): number =>
    all.reduce((sum, box) => sum + overlap(place, box), 0);
  const margin = place.height / 2;
  const near = shared(others.map((box) => grown(box, margin)));
  const area = shared(boxes) * weights.overBox + shared(taken) * weights.overName + near * weights.nearOther;
  return area / (place.width * place.height);
}

function best(
  tag: Tag,
  photo: Size,
  cost: (place: Box<'px'>) => number,
): { readonly covered: Box<'px'>; readonly scale: number } {
  let found: { readonly covered: Box<'px'>; readonly scale: number; readonly cost: number } | undefined;
  for (const scale of scales) {
    for (const covered of candidates(tag, scale, photo)) {
      const its = cost(covered) + (1 - scale) * weights.smaller;
      if (found === undefined || its < found.cost) found = { covered, scale, cost: its };
      if (its === 0) return found;
    }
  }
  return found!;
}

/** Above, below and at the sides of the box, moved into the photo. */
function candidates({ box, ...wanted }: Tag, scale: number, photo: Size): Box<'px'>[] {
  const [width, height] = [Math.ceil(wanted.width * scale), Math.ceil(wanted.height * scale)];
  const right = box.left + box.width;
  const bottom = box.top + box.height;
  const along = [box.left, box.left + (box.width - width) / 2, right - width].map(Math.round);
  // In whole pixels, and clear of the box.
  const beside = [Math.ceil(right), Math.floor(box.left) - width];
  const places = [
    ...along.map((left) => [left, Math.floor(box.top) - height] as const),
    ...along.map((left) => [left, Math.ceil(bottom)] as const),
    ...beside.map((left) => [left, Math.round(box.top)] as const),
    ...beside.map((left) => [left, Math.round(bottom) - height] as const),
  ];
  return places.map(([left, top]) => ({
    left: Math.min(Math.max(0, left), photo.width - width),
    top: Math.min(Math.max(0, top), photo.height - height),
    width,
    height,
  }));
}

function grown({ left, top, width, height }: Box<'px'>, margin: number): Box<'px'> {
  return { left: left - margin, top: top - margin, width: width + 2 * margin, height: height + 2 * margin };
}
