/**
 * Who a face belongs to, as odds: the two-covariance model (Brümmer & de Villiers, "The speaker partitioning
 * problem", Odyssey 2010; the same as Ioffe, "Probabilistic linear discriminant analysis", ECCV 2006).
 * People are points drawn from one normal distribution, photos of a person are drawn around that point from
 * another. In the right basis both are diagonal: photos scatter with variance 1, people with variance
 * `between[i]`. From that follows, for any number of enrolled photos, how much likelier a new face is under
 * "this person" than under "somebody else of the world".
 */

/** Fitted on people of a reference set, once for each embedding space; see bench/fit-space.ts. */
export interface TwoCovariance {
  /** [d] */
  readonly mean: Float32Array;
  /** [d × k], row-major: embedding minus mean, times this, is diagonal. */
  readonly basis: Float32Array;
  /** [k] variance of people where photos scatter with variance 1. */
  readonly between: Float32Array;
  /** Calibration on other people of the reference set: log odds = scale · raw + offset. */
  readonly scale: number;
  readonly offset: number;
}

/** An embedding in the basis of the model, [k]. */
export function project({ mean, basis, between }: TwoCovariance, values: Float32Array): Float32Array {
  const k = between.length;
  const out = new Float32Array(k);
  for (let i = 0; i < mean.length; i++) {
    const x = values[i]! - mean[i]!;
    for (let j = 0; j < k; j++) out[j]! += x * basis[i * k + j]!;
  }
  return out;
}

/**
 * What is kept of a person. A new photo resembles either what all enrolled photos have in common or one of them
 * more than the others (the same pose, the same year): a mixture, half of it the person's place as seen by all
 * photos together, half shared by the photos one by one.
 */
export interface Template {
  readonly components: readonly Component[];
}

/** The log-likelihood ratio of a projected face z is Σ quadratic·z² + Σ linear·z + constant, calibrated. */
export interface Component {
  /** [k] */
  readonly quadratic: Float32Array;
  /** [k] */
  readonly linear: Float32Array;
  readonly constant: number;
  /** Share in the mixture; all components of a template add up to 1. */
  readonly weight: number;
}

/** An enrolled face: projected, and how clear it is, 0 to 1. */
export interface EnrolledFace {
  readonly z: Float32Array;
  readonly quality: number;
}

/**
 * @param photos of one person, each independent of the others (a burst counts once); of none, nothing follows:
 *   the odds are 1 for every face
 */
export function enrol(model: TwoCovariance, photos: readonly EnrolledFace[]): Template {
  if (photos.length <= 1) return { components: photos.map((photo) => component(model, [photo], 1)) };
  const share = 0.5 / photos.length;
  return {
    components: [component(model, photos, 0.5), ...photos.map((photo) => component(model, [photo], share))],
  };
}

/** Natural logarithm of P(face | this person) / P(face | somebody else). */
export function logLikelihoodRatio({ components }: Template, z: Float32Array): number {
  const [first] = components;
  if (first === undefined) return 0;
  if (components.length === 1) return componentOdds(first, z);
  const terms = components.map((c) => Math.log(c.weight) + componentOdds(c, z));
  const highest = terms.reduce((a, b) => Math.max(a, b));
  return highest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - highest), 0));
}

function componentOdds({ quadratic, linear, constant }: Component, z: Float32Array): number {
  let sum = constant;
  for (let j = 0; j < z.length; j++) sum += (quadratic[j]! * z[j]! + linear[j]!) * z[j]!;
  return sum;
}

/** Unclear photos count for less in the mean, and what rests on them alone shrinks towards odds of 1. */
function component(
  { between, scale, offset }: TwoCovariance,
  photos: readonly EnrolledFace[],
  weight: number,
): Component {
  const k = between.length;
  const quadratic = new Float32Array(k);
  const linear = new Float32Array(k);
  const n = photos.reduce((sum, { quality }) => sum + quality, 0);
  const trust = photos.reduce((best, { quality }) => Math.max(best, quality), 0);
  let constant = 0;
  for (let j = 0; j < k; j++) {
    let sum = 0;
    for (const { z, quality } of photos) sum += z[j]! * quality;
    const b = between[j]!;
    // The person's place given the photos, and the spread of a new photo under each hypothesis.
    const place = (sum * b) / (n * b + 1);
    const spread = b / (n * b + 1) + 1;
    const anyone = b + 1;
    quadratic[j] = trust * scale * 0.5 * (1 / anyone - 1 / spread);
    linear[j] = (trust * scale * place) / spread;
    constant -= 0.5 * ((place * place) / spread + Math.log(spread / anyone));
  }
  return { quadratic, linear, constant: trust * (scale * constant + offset), weight };
}
