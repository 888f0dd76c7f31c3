/** From odds to probabilities: each enrolled person, and "none of them", adding up to one. */

export interface Posterior {
  /** One for each person of the gallery. */
  readonly people: Float64Array;
  readonly unknown: number;
}

/** Nothing is impossible: no face is enrolled for certain, whatever the odds. */
const leastUnknown = 1e-12;

/**
 * Bayes' rule over the people of a gallery and "somebody else". Before looking, a face is somebody else with
 * probability `priorUnknown`; what remains is shared evenly by the people, so that a larger gallery needs
 * stronger evidence for each name.
 *
 * @param logOdds log P(face | person) / P(face | somebody else), one for each person
 */
export function openSetPosterior(logOdds: ArrayLike<number>, priorUnknown: number): Posterior {
  const count = logOdds.length;
  const logPrior = Math.log((1 - priorUnknown) / Math.max(count, 1));
  let highest = Math.log(priorUnknown);
  for (let i = 0; i < count; i++) highest = Math.max(highest, logOdds[i]! + logPrior);
  const people = Float64Array.from({ length: count }, (_, i) => Math.exp(logOdds[i]! + logPrior - highest));
  const known = people.reduce((a, b) => a + b, 0);
  const stranger = Math.exp(Math.log(priorUnknown) - highest);
  const unknown = Math.max(stranger / (stranger + known), leastUnknown);
  return { people: people.map((p) => (known > 0 ? (p / known) * (1 - unknown) : 0)), unknown };
}
