/** From odds to probabilities: each enrolled person, and "none of them", adding up to one. */

export interface Posterior {
  /** One for each person of the gallery. */
  readonly people: Float64Array;
  readonly unknown: number;
  /** That it is one of the gallery's people who are not listed; left out where all of them are. */
  readonly others?: number;
}

/** People of a gallery whose odds are known together only. */
export interface Unlisted {
  readonly count: number;
  /** The sum of exp(log odds) over all of them. */
  readonly odds: number;
}

/** Nothing is impossible: no face is enrolled for certain, whatever the odds. */
const leastUnknown = 1e-12;

/** People this far behind the likeliest one are nothing beside them, however many they are. */
const outOfReach = 50;

/**
 * Bayes' rule over the people of a gallery and "somebody else". Before looking, a face is somebody else with
 * probability `priorUnknown`; what remains is shared evenly by the people, so that a larger gallery needs
 * stronger evidence for each name.
 *
 * @param logOdds log P(face | person) / P(face | somebody else), one for each person
 * @param unlisted people of the gallery beside those
 */
export function openSetPosterior(
  logOdds: ArrayLike<number>,
  priorUnknown: number,
  unlisted?: Unlisted,
): Posterior {
  const count = logOdds.length;
  const logPrior = Math.log((1 - priorUnknown) / Math.max(count + (unlisted?.count ?? 0), 1));
  let highest = Math.log(priorUnknown);
  for (let i = 0; i < count; i++) highest = Math.max(highest, logOdds[i]! + logPrior);
  const people = Float64Array.from({ length: count }, (_, i) => Math.exp(logOdds[i]! + logPrior - highest));
  const others = (unlisted?.odds ?? 0) * Math.exp(logPrior - highest);
  const known = people.reduce((a, b) => a + b, others);
  const stranger = Math.exp(Math.log(priorUnknown) - highest);
  const unknown = Math.max(stranger / (stranger + known), leastUnknown);
  const share = (p: number): number => (known > 0 ? (p / known) * (1 - unknown) : 0);
  return { people: people.map(share), unknown, ...(unlisted && { others: share(others) }) };
}

/**
 * The same, but only the probability of the likeliest person and of none of them: for very many faces of very many
 * people.
 *
 * @param without index of a person who is not in the gallery
 */
export function likeliestInOpenSet(
  logOdds: ArrayLike<number>,
  priorUnknown: number,
  without = -1,
): { readonly likeliest: number; readonly unknown: number } {
  const count = logOdds.length - (without < 0 ? 0 : 1);
  const logPrior = Math.log((1 - priorUnknown) / Math.max(count, 1));
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logOdds.length; i++) if (i !== without && logOdds[i]! > top) top = logOdds[i]!;
  let sum = 0;
  for (let i = 0; i < logOdds.length; i++) {
    const behind = logOdds[i]! - top;
    if (behind > -outOfReach && i !== without) sum += Math.exp(behind);
  }
  // Against the likeliest person, who is 1.
  const stranger = Math.exp(Math.log(priorUnknown) - logPrior - top);
  const unknown = sum > 0 ? Math.max(1 / (1 + sum / stranger), leastUnknown) : 1;
  return { likeliest: sum > 0 ? (1 - unknown) / sum : 0, unknown };
}
