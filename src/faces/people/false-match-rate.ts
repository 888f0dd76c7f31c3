/** How often two different people are as much alike as two faces: measured on a reference set, shipped as a table. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reasonOf, WhosinError } from '../../errors.ts';
import type { FacePack } from '../../models/pack.ts';
import { readVerified } from '../../runtime/model-store.ts';
import { readFalseMatches } from './background-file.ts';

export interface FalseMatches {
  /** Which pairs were measured, for people to read. */
  readonly measuredOn: string;
  readonly pairs: number;
  /** Log odds, and the share of pairs of different people that reach them; the rates fall. */
  readonly rates: readonly (readonly [logOdds: number, rate: number])[];
}

/** Written by fit/false-matches.ts. An added embedder has its false matches in its background itself. */
export interface FalseMatchTable extends FalseMatches {
  readonly space: string;
  /** sha256 of the background whose odds were measured: the odds of another one are others. */
  readonly background: string;
}

export interface FalseMatchRate {
  readonly rate: number;
  /** `at-most`: the odds are beyond what so many pairs can measure. `at-least`: below what the table holds. */
  readonly bound: 'measured' | 'at-most' | 'at-least';
}

/** undefined where none was measured for the pack. */
export async function loadFalseMatches({ background, space }: FacePack): Promise<FalseMatches | undefined> {
  if (typeof background !== 'string') {
    return readFalseMatches(await readVerified(background), join(background.folder, background.path));
  }
  const file = falseMatchFile(background);
  let text: string;
  try {
    text = await readFile(weightsPath(file), 'utf8');
  } catch {
    return undefined;
  }
  let table: FalseMatchTable;
  let odds: Uint8Array;
  try {
    table = JSON.parse(text) as FalseMatchTable;
    odds = await readFile(weightsPath(background));
  } catch (error) {
    throw new WhosinError('bad-weights', `Cannot read ${file}: ${reasonOf(error)}. Install whosin again.`, {
      cause: error,
    });
  }
  if (table.space !== space || table.background !== createHash('sha256').update(odds).digest('hex')) {
    throw new WhosinError(
      'bad-weights',
      `${file} was measured with another background than ${background}: run fit/false-matches.ts again.`,
    );
  }
  return table;
}

/** The name of the table beside a pack's background. */
export function falseMatchFile(background: string): string {
  return background.replace(/\.onnx$/, '-false-matches.json');
}

function weightsPath(name: string): string {
  return fileURLToPath(new URL(`../../../weights/${name}`, import.meta.url));
}

/** Between two entries the logarithm of the rate goes straight. */
export function falseMatchRate({ rates }: FalseMatches, logOdds: number): FalseMatchRate {
  const next = rates.findIndex(([odds]) => odds > logOdds);
  if (next === 0) return { rate: rates[0]![1], bound: 'at-least' };
  if (next < 0) return { rate: rates.at(-1)![1], bound: 'at-most' };
  const [below, rateBelow] = rates[next - 1]!;
  const [above, rateAbove] = rates[next]!;
  const share = (logOdds - below) / (above - below);
  return { rate: rateBelow * (rateAbove / rateBelow) ** share, bound: 'measured' };
}
