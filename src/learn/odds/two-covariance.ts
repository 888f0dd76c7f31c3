/**
 * Who a face belongs to, as odds: the two-covariance model (Brümmer & de Villiers, "The speaker partitioning
 * problem", Odyssey 2010; the same as Ioffe, "Probabilistic linear discriminant analysis", ECCV 2006).
 * People are points drawn from one normal distribution, photos of a person are drawn around that point from
 * another. In the right basis both are diagonal: photos scatter with variance 1, people with variance
 * `between[i]`. From that follows, for any number of enrolled photos, how much likelier a new face is under
 * "this person" than under "somebody else of the world".
 */

/** Fitted on people of a reference set, once for each embedding space; see fit/fit-space.ts. */
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
  /**
   * [k] How much noise a face has in it is Σ noise·z², 1 on average; without it, all faces count as having the same.
   * See `quietened`.
   */
  readonly noise?: Float32Array;
  /** Clusters of people who are alike; without them, people are one normal distribution. */
  readonly crowd?: Crowd;
}

/**
 * People are no single cloud: some regions are crowded, and there a stranger resembles a person more often. A crowd
 * is a set of clusters of people, each scored as a person is; a face near many of them is crowded, and its odds of
 * being anybody in particular are lower (a form of score normalization: Auckenthaler et al., "Score normalization
 * for text-independent speaker verification systems", 2000). In the basis it is one coordinate more, the last one,
 * whose `between` is 0.
 */
export interface Crowd {
  /** [k], the same for all clusters; 0 for the last coordinate, as in `linear` */
  readonly quadratic: Float32Array;
  /** [clusters × k] */
  readonly linear: Float32Array;
  /** [clusters] */
  readonly constant: Float32Array;
}

/** Log-likelihood ratios of the clusters are divided by this before they are added up: near clusters share. */
const crowdSoftness = 3;

/** The coordinate is kept in tens, so that it is no larger than the others. */
export const crowdUnit = 10;

/**
 * Factor of the clusters' terms, added up in logarithms, that makes the last coordinate of them. A quarter
 * of the crowding of either face: half of it would be the whole correction, but costs faces that are hard to know.
 */
export const crowdFactor = (-0.25 * crowdSoftness) / crowdUnit;

/** An embedding in the basis of the model, [k]. */
export function project(
  { mean, basis, between, noise, crowd }: TwoCovariance,
  values: Float32Array,
): Float32Array {
  const k = between.length;
  const sums = new Float64Array(k);
  const centred = (i: number): number => values[i]! - mean[i]!;
  let i = 0;
  // Four rows at a time, in double precision: half the time, which for a face that is cached is most of its time.
  for (; i + 4 <= mean.length; i += 4) {
    const rows = basis.subarray(i * k, (i + 4) * k);
    addRows(sums, rows, centred(i), centred(i + 1), centred(i + 2), centred(i + 3));
  }
  for (; i < mean.length; i++) {
    const x = centred(i);
    for (let j = 0; j < k; j++) sums[j]! += x * basis[i * k + j]!;
  }
  const out = noise ? quietened(sums, noise) : Float32Array.from(sums);
  if (crowd) out[k - 1] = crowdFactor * crowding(crowd, out);
  return out;
}

/** A function of its own, which Node compiles within the first face. */
function addRows(sums: Float64Array, rows: Float32Array, a: number, b: number, c: number, d: number): void {
  const k = sums.length;
  for (let j = 0; j < k; j++) {
    sums[j]! += a * rows[j]! + b * rows[k + j]! + c * rows[2 * k + j]! + d * rows[3 * k + j]!;
  }
}

/** Half of the way to faces of equal noise: the noise, a variance, to the power of a quarter. */
export const noisePower = 0.25;

/** A face in the very middle is not blown up. */
export const leastNoise = 0.1;

/**
 * Photos do not all scatter alike: some are noisier in all directions at once (Kenny, "Bayesian speaker verification
 * with heavy-tailed priors", 2010). How much shows where people hardly differ, and what is noisy is drawn towards the
 * middle, where it says less.
 */
function quietened(z: Float64Array, noise: Float32Array): Float32Array {
  let sum = 0;
  for (let j = 0; j < z.length; j++) sum += noise[j]! * z[j]! * z[j]!;
  const factor = Math.max(sum, leastNoise) ** -noisePower;
  return Float32Array.from(z, (value) => value * factor);
}

/** Weight of each direction as evidence of a face's noise: the less people differ in it, the larger. */
export function noiseOf(between: Float32Array): Float32Array {
  const weights = between.map((b) => 1 / (b + 1));
  const sum = weights.slice(0, -1).reduce((a, b) => a + b, 0);
  // A face is expected to have between + 1 there; the last coordinate is the crowd's.
  return weights.map((weight, j) => (j < weights.length - 1 ? (weight * weight) / sum : 0));
}

/** Clusters of people, at their places in the basis (the last coordinate 0), as `project` takes them. */
export function crowdOf(between: Float32Array, places: readonly Float32Array[]): Crowd {
  const model = { between, scale: 1 / crowdSoftness, offset: 0 };
  const clusters = places.map((z) => place(model, sumOf([{ z, quality: 1 }]), 1));
  return {
    quadratic: clusters[0]!.quadratic,
    linear: Float32Array.from(clusters.flatMap(({ linear }) => [...linear])),
    constant: Float32Array.from(clusters, ({ constant }) => constant - Math.log(places.length)),
  };
}

function crowding({ quadratic, linear, constant }: Crowd, z: Float32Array): number {
  const k = z.length;
  let squares = 0;
  for (let j = 0; j < k; j++) squares += quadratic[j]! * z[j]! * z[j]!;
  const terms = constant.map((value, c) => {
    let sum = value;
    for (let j = 0; j < k; j++) sum += linear[c * k + j]! * z[j]!;
    return sum;
  });
  const highest = terms.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return squares + highest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - highest), 0));
}

/**
 * The part of a person's photos that a model stores. A new photo resembles either what all enrolled photos have in common or one of them
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

/** The place that all photos share, without the photos one by one: enough to compare many people quickly. */
export function enrolPlace(model: TwoCovariance, photos: readonly EnrolledFace[]): Template {
  return { components: photos.length === 0 ? [] : [place(model, sumOf(photos), 1)] };
}

/** The same for photos that were added up before. */
export function enrolSum(model: TwoCovariance, sum: Sum): Template {
  return { components: [place(model, sum, 1)] };
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

/** Several faces that are one person, as their odds take them: means over the faces. */
export interface MeanFace {
  /** [k] */
  readonly z: Float32Array;
  /** [k], of z². */
  readonly squares: Float32Array;
}

/** The log-likelihood ratio of a face that is unclear to some degree: it says less, and its odds shrink towards 1. */
export function faceOdds(template: Template, { z, quality }: EnrolledFace): number {
  return quality * logLikelihoodRatio(template, z);
}

/** The log-likelihood ratio of one component, its weight left aside. */
function componentOdds({ quadratic, linear, constant }: Component, z: Float32Array): number {
  let sum = constant;
  for (let j = 0; j < z.length; j++) sum += (quadratic[j]! * z[j]! + linear[j]!) * z[j]!;
  return sum;
}

/** Several photos of a person, added up: unclear ones count for less. */
export interface Sum {
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
  { between, scale, offset, crowd }: Pick<TwoCovariance, 'between' | 'scale' | 'offset' | 'crowd'>,
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
  if (crowd) {
    // How crowded it is around the face, and around the person.
    linear[k - 1] = trust * scale * crowdUnit;
    if (n > 0) constant += (crowdUnit * z[k - 1]!) / n;
  }
  return { quadratic, linear, constant: trust * (scale * constant + offset), weight };
}
