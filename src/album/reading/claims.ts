/**
 * Files that somebody has taken to read them are left to them while they live. A claim is renewed; one that is not ends after
 * half a minute, or at once where the process is of this machine and no longer there.
 */

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Catalog } from '../../catalog/catalog.ts';

/** Milliseconds. */
const lasts = 30_000;
const renewedEvery = 10_000;

/** Milliseconds after which it is looked whether others are done with what they have taken. */
export const lookAgain = 200;

export interface Claims {
  readonly claimer: string;
  /** Claims that were not renewed since then are no longer good. */
  free(): number;
  /** Whether others are at work on files that wait; what those left who were killed is free then. */
  ofOthers(): Promise<boolean>;
  /** Gives back what is still claimed. */
  close(): Promise<void>;
}

/** @param now milliseconds since 1970 */
export function openClaims(catalog: Catalog, now: () => number): Claims {
  const claimer = `${hostname()}/${process.pid}/${randomUUID()}`;
  const renewal = setInterval(() => {
    // If that fails, others read a few files a second time.
    catalog.write(({ waiting }) => waiting.renew(claimer, now())).catch(() => {});
  }, renewedEvery);
  renewal.unref();
  return {
    claimer,
    free: () => now() - lasts,

    async ofOthers() {
      const all = await catalog.read(({ waiting }) => waiting.claimers());
      const others = all.filter((other) => other !== claimer);
      const dead = others.filter(isDead);
      if (dead.length > 0) {
        await catalog.write(async ({ waiting }) => {
          for (const other of dead) await waiting.release(other);
        });
      }
      return others.length > 0;
    },

    async close() {
      clearInterval(renewal);
      await catalog.write(({ waiting }) => waiting.release(claimer));
    },
  };
}

/** Whether that was a process of this machine and is no longer there. */
function isDead(claimer: string): boolean {
  const [host, pid] = claimer.split('/');
  if (host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
