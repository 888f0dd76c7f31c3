/** Takes in candidates of one name until so many more good photos are there, several at a time. */

import { type Arrival, addressOfCandidate, type Intake, takeIn } from './intake.ts';
import type { Supply } from './supply.ts';

/** Hosts have their own, lower limits: this keeps several hosts busy. */
const atOnce = 6;

/**
 * Never more are under way than are missing, so what is fetched in the end does not depend on which answer came
 * first: it is the shortest run of candidates that holds enough good ones.
 *
 * @param missing good photos to add
 * @returns whether the supply is used up
 */
export async function fill(
  name: string,
  missing: number,
  supply: Supply,
  intake: Intake,
  { retryFailed, onArrival }: { readonly retryFailed: boolean; readonly onArrival: (what: Arrival) => void },
): Promise<boolean> {
  const { addresses, failed } = intake.set;
  const running = new Set<Promise<void>>();
  const started = new Set<string>();
  let good = 0;
  const take = async (offer: NonNullable<Awaited<ReturnType<Supply['next']>>>): Promise<void> => {
    const arrival = await takeIn(intake, name, offer.source, offer.candidate);
    if (arrival === 'good') good++;
    onArrival(arrival);
  };
  try {
    for (;;) {
      while (running.size >= Math.min(atOnce, missing - good) && running.size > 0)
        await Promise.race(running);
      if (good >= missing) return false;
      const offer = await supply.next();
      if (offer === undefined) break;
      const address = addressOfCandidate(offer.candidate.from);
      const known = failed.has(address) ? !retryFailed : addresses.get(address)?.has(name);
      if (known || started.has(address)) continue;
      started.add(address);
      const work: Promise<void> = take(offer).finally(() => running.delete(work));
      // If it fails while nobody waits, the next race or the end throws it.
      work.catch(() => {});
      running.add(work);
    }
    await Promise.all(running);
    return good < missing;
  } finally {
    await Promise.allSettled(running);
  }
}
