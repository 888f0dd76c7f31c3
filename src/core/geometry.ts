/** Points, boxes and similarity transforms. Pixels and fractions are different types and never mix. */

declare const unit: unique symbol;

/** `px`: pixels of the upright photo. `ratio`: fractions of its width and height. */
export type Unit = 'px' | 'ratio';

export interface Box<U extends Unit> {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Phantom, for the type checker alone; a function, so that neither unit passes for "one of both". */
  readonly [unit]?: (of: U) => U;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function toRatio(box: Box<'px'>, of: Size): Box<'ratio'> {
  return {
    left: box.left / of.width,
    top: box.top / of.height,
    width: box.width / of.width,
    height: box.height / of.height,
  };
}

export function toPixels(box: Box<'ratio'>, of: Size): Box<'px'> {
  return {
    left: box.left * of.width,
    top: box.top * of.height,
    width: box.width * of.width,
    height: box.height * of.height,
  };
}

export function middle<U extends Unit>(box: Box<U>): Point {
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

/** Intersection over union, 0 to 1. */
export function iou<U extends Unit>(a: Box<U>, b: Box<U>): number {
  const shared = overlap(a, b);
  const union = a.width * a.height + b.width * b.height - shared;
  return union > 0 ? shared / union : 0;
}

/** The area that two boxes share. */
export function overlap<U extends Unit>(a: Box<U>, b: Box<U>): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/** The box in a picture that is `x` times as wide and `y` times as high. */
export function scaleBox(box: Box<'px'>, x: number, y = x): Box<'px'> {
  return { left: box.left * x, top: box.top * y, width: box.width * x, height: box.height * y };
}

/** The part of the box that lies inside a photo of this size. */
export function clip(box: Box<'px'>, to: Size): Box<'px'> {
  const left = Math.min(Math.max(box.left, 0), to.width);
  const top = Math.min(Math.max(box.top, 0), to.height);
  const right = Math.min(Math.max(box.left + box.width, 0), to.width);
  const bottom = Math.min(Math.max(box.top + box.height, 0), to.height);
  return { left, top, width: right - left, height: bottom - top };
}

/** How often a photo was turned clockwise by a quarter. */
export type QuarterTurns = 1 | 2 | 3;

/** The box in the photo as it was, from the box in the turned photo. @param photo its size before it was turned */
export function turnBack(
  { left, top, width, height }: Box<'px'>,
  photo: Size,
  turns: QuarterTurns,
): Box<'px'> {
  if (turns === 2) {
    return { left: photo.width - left - width, top: photo.height - top - height, width, height };
  }
  return turns === 1
    ? { left: top, top: photo.height - left - width, width: height, height: width }
    : { left: photo.width - top - height, top: left, width: height, height: width };
}

/** Rotation, uniform scale and translation: x' = a·x − b·y + tx, y' = b·x + a·y + ty. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

export function apply(t: Similarity, p: Point): Point {
  return { x: t.a * p.x - t.b * p.y + t.tx, y: t.b * p.x + t.a * p.y + t.ty };
}

export function inverse(t: Similarity): Similarity {
  const s = t.a * t.a + t.b * t.b;
  const a = t.a / s;
  const b = -t.b / s;
  return { a, b, tx: -(a * t.tx - b * t.ty), ty: -(b * t.tx + a * t.ty) };
}

/** Pixels of the target for one pixel of the source. */
export function scaleOf(t: Similarity): number {
  return Math.hypot(t.a, t.b);
}

/**
 * The similarity that takes `from` nearest to `to` in the least-squares sense, without reflection.
 * Umeyama, "Least-squares estimation of transformation parameters between two point patterns", PAMI 1991;
 * in two dimensions it has this closed form.
 *
 * @param from at least two distinct points
 */
export function estimateSimilarity(from: readonly Point[], to: readonly Point[]): Similarity {
  if (from.length !== to.length) throw new RangeError(`${from.length} points against ${to.length}`);
  const f = centroid(from);
  const g = centroid(to);
  let dot = 0;
  let cross = 0;
  let norm = 0;
  for (const [i, p] of from.entries()) {
    const q = to[i]!;
    const px = p.x - f.x;
    const py = p.y - f.y;
    const qx = q.x - g.x;
    const qy = q.y - g.y;
    dot += px * qx + py * qy;
    cross += px * qy - py * qx;
    norm += px * px + py * py;
  }
  if (norm === 0) throw new RangeError('a similarity needs two distinct points');
  const a = dot / norm;
  const b = cross / norm;
  return { a, b, tx: g.x - (a * f.x - b * f.y), ty: g.y - (b * f.x + a * f.y) };
}

export function centroid(points: readonly Point[]): Point {
  let x = 0;
  let y = 0;
  for (const p of points) {
    x += p.x;
    y += p.y;
  }
  return { x: x / points.length, y: y / points.length };
}
