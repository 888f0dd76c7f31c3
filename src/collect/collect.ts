/** RECIPE: names become a set of photos that can be trusted. */

import { fill } from './fill.ts';
import type { Intake } from './intake.ts';
import { type JudgeOptions, judge } from './judge.ts';
import type { LookAt } from './look.ts';
import { lookAtSet, seen } from './look-at-set.ts';
import type { PhotoSet } from './photo-set.ts';
import type { Query } from './query-list.ts';
import type { Source } from './source.ts';
import { openSupply, type SourceFailure } from './supply.ts';
import type { Web } from './web/web.ts';

export interface CollectOptions extends JudgeOptions {
  /** Good photos wanted for each name. */
  readonly count: number;
  readonly lookAt: LookAt;
  /** Asks again for what could not be fetched in an earlier run. */
  readonly retryFailed?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** Told after each round how many photos of a name are good. */
  readonly onJudged?: (name: string, good: number) => void;
}

export interface Progress {
  readonly name: string;
  /** Good photos so far, as far as they were judged. */
  readonly good: number;
  /** Addresses that were fetched in this run. */
  readonly fetched: number;
}

export interface Collected {
  readonly name: string;
  readonly good: number;
  /** `reached`: the photos asked for are there; `exhausted`: the sources have no more; `stopped`: one failed. */
  readonly outcome: 'reached' | 'exhausted' | 'stopped';
  readonly failures: readonly SourceFailure[];
}

/**
 * Fetches, judges what came together, moves aside what cannot be trusted, and fetches again what is missing then,
 * until every name has enough or its sources are used up.
 */
export async function collect(
  set: PhotoSet,
  queries: readonly Query[],
  sources: readonly Source[],
  web: Pick<Web, 'file'>,
  options: CollectOptions,
): Promise<Collected[]> {
  const { count, minFace, lookAt, people, retryFailed = false, onProgress, onJudged } = options;
  const intake: Intake = { set, web, lookAt, minFace, looks: await lookAtSet(set, lookAt) };
  const lines = queries.map((query) => ({ ...query, supply: openSupply(query, sources), usedUp: false }));
  const goodOf = (name: string): number =>
    [...set.photos.values()].filter(
      (photo) => photo.name === name && photo.reason === null && photo.path !== null,
    ).length;

  const judgeAll = async (): Promise<void> => {
    await set.note({ event: 'judging' });
    const judgements = await judge(seen(set.photos, intake.looks), { minFace, ...(people && { people }) });
    const changed = judgements.filter(({ photo, reason }) => !photo.fixed && photo.reason !== reason);
    for (const { photo, reason, why } of changed.filter((one) => one.reason !== null)) {
      await set.move(photo, reason, 'whosin', why);
    }
    // Photos that fit now, because more of the person is known, come back while there is room.
    for (const { photo } of changed.filter((one) => one.reason === null)) {
      if (goodOf(photo.name) < count) await set.move(photo, null, 'whosin');
    }
    await set.note({ event: 'round' });
  };

  // A run that was cut short while it judged goes on there: what is fetched next depends on it.
  if (set.judging) await judgeAll();
  for (;;) {
    for (const line of lines) {
      const missing = count - goodOf(line.name);
      if (missing <= 0 || line.usedUp) continue;
      let fetched = 0;
      line.usedUp = await fill(line.name, missing, line.supply, intake, {
        retryFailed,
        onArrival: () => onProgress?.({ name: line.name, good: goodOf(line.name), fetched: ++fetched }),
      });
    }
    await judgeAll();
    for (const { name } of lines) onJudged?.(name, goodOf(name));
    if (lines.every(({ name, usedUp }) => usedUp || goodOf(name) >= count)) break;
  }
  await set.note({ event: 'end' });
  return lines.map(({ name, supply: { failures } }) => {
    const good = goodOf(name);
    const outcome = good >= count ? 'reached' : failures.length > 0 ? 'stopped' : 'exhausted';
    return { name, good, outcome, failures };
  });
}
