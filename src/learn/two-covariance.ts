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
 * photos together, half shared by the photos one by one, as far as they are clear.
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
  if (photos.length <= 1) return { components: photos.map((photo) => single(model, photo, 1)) };
  const all = sumOf(photos);
  const singles = photos.map((photo) => single(model, photo, (0.5 * photo.quality) / all.weight));
  return { components: [place(model, all, 0.5), ...singles] };
}

/** What all photos have in common, without the photos one by one: enough to compare many people quickly. */
export function enrolPlace(model: TwoCovariance, photos: readonly EnrolledFace[]): Template {
  return { components: photos.length === 0 ? [] : [place(model, sumOf(photos), 1)] };
}

/**
 * Templates that each leave one photo out, as a photo of the person must be compared with the others. The same
 * as `enrol` on the rest, but what the templates share is made once.
 *
 * @returns the template without the photo at an index
 */
export function enrolLeavingOut(
  model: TwoCovariance,
  photos: readonly EnrolledFace[],
): (leftOut: number) => Template {
  if (photos.length <= 2) return (leftOut) => enrol(model, photos.toSpliced(leftOut, 1));
  const all = sumOf(photos);
  const singles = photos.map((photo) => single(model, photo, 0.5 * photo.quality));
  const [first, second] = photos.map(({ quality }) => quality).toSorted((a, b) => b - a);
  return (leftOut) => {
    const { z, quality } = photos[leftOut]!;
    const rest = {
      z: all.z.map((sum, j) => sum - z[j]! * quality),
      weight: all.weight - quality,
      trust: quality === first ? second! : first!,
    };
    const others = singles
      .toSpliced(leftOut, 1)
      .map((component) => ({ ...component, weight: component.weight / rest.weight }));
    return { components: [place(model, rest, 0.5), ...others] };
  };
}

/** Natural logarithm of P(face | this person) / P(face | somebody else). */
export function logLikelihoodRatio({ components }: Template, z: Float32Array): number {
  if (components.length === 0) return 0;
  // log Σ weight · exp(odds), kept relative to the highest term so far.
  let highest = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (const component of components) {
    const term = Math.log(component.weight) + componentOdds(component, z);
    if (term > highest) {
      sum = sum * Math.exp(highest - term) + 1;
      highest = term;
    } else if (term > highest - 40) {
      sum += Math.exp(term - highest);
    }
  }
  return highest + Math.log(sum);
}

function componentOdds({ quadratic, linear, constant }: Component, z: Float32Array): number {
  let sum = constant;
  for (let j = 0; j < z.length; j++) sum += (quadratic[j]! * z[j]! + linear[j]!) * z[j]!;
  return sum;
}

/** Several photos of a person, added up: unclear ones count for less. */
interface Sum {
  /** Σ quality · z, [k] */
  readonly z: Float64Array;
  /** Σ quality */
  readonly weight: number;
  /** The best quality: what rests on unclear photos alone shrinks towards odds of 1. */
  readonly trust: number;
}

function sumOf(photos: readonly EnrolledFace[]): Sum {
  const z = new Float64Array(photos[0]!.z.length);
  let [weight, trust] = [0, 0];
  for (const photo of photos) {
    for (let j = 0; j < z.length; j++) z[j]! += photo.z[j]! * photo.quality;
    weight += photo.quality;
    trust = Math.max(trust, photo.quality);
  }
  return { z, weight, trust };
}

function single(model: TwoCovariance, photo: EnrolledFace, weight: number): Component {
  return place(model, sumOf([photo]), weight);
}

/** The odds of a new photo given where the enrolled ones put the person. */
function place(
  { between, scale, offset }: TwoCovariance,
  { z, weight: n, trust }: Sum,
  weight: number,
): Component {
  const k = between.length;
  const quadratic = new Float32Array(k);
  const linear = new Float32Array(k);
  let constant = 0;
  for (let j = 0; j < k; j++) {
    const b = between[j]!;
    // The person's place given the photos, and the spread of a new photo under each hypothesis.
    const centre = (z[j]! * b) / (n * b + 1);
    const spread = b / (n * b + 1) + 1;
    const anyone = b + 1;
    quadratic[j] = trust * scale * 0.5 * (1 / anyone - 1 / spread);
    linear[j] = (trust * scale * centre) / spread;
    constant -= 0.5 * ((centre * centre) / spread + Math.log(spread / anyone));
  }
  return { quadratic, linear, constant: trust * (scale * constant + offset), weight };
}
