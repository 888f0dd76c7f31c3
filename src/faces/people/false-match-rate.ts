/** How often two different people are as much alike as two faces: measured on a reference set, shipped as a table. */

import { readFile } from 'node:fs/promises';
import { reasonOf, WhosinError } from '../../errors.ts';
import { type BoundedRate, rateAt } from '../../learn/odds/rate-table.ts';
import type { FacePack } from '../../models/face-pack.ts';
import { ownWeights, remedyForOwnFiles } from '../../runtime/own-files.ts';
import { nameOf, readVerified } from '../../runtime/weight-files.ts';
import { type FalseMatches, readFalseMatches } from './background-file.ts';

/** Written by fit/false-matches.ts. An added embedder has its false matches in its background itself. */
export interface FalseMatchTable extends FalseMatches {
  readonly space: string;
  /** sha256 of the background whose odds were measured: the odds of another one are others. */
  readonly background: string;
}

/** undefined if none was measured for the pack. */
export async function loadFalseMatches({ background, space }: FacePack): Promise<FalseMatches | undefined> {
  if ('folder' in background) return readFalseMatches(await readVerified(background), nameOf(background));
  const file = falseMatchFile(background.own);
  const text = await readFile(ownWeights(file), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  let table: FalseMatchTable;
  try {
    table = JSON.parse(text) as FalseMatchTable;
  } catch (error) {
    throw new WhosinError('bad-weights', `Cannot read ${file}: ${reasonOf(error)}. ${remedyForOwnFiles}`, {
      cause: error,
    });
  }
  if (table.space !== space || table.background !== background.sha256) {
    throw new WhosinError(
      'bad-weights',
      `${file} was measured with another background than ${background.own}: run fit/false-matches.ts again.`,
    );
  }
  return table;
}

/** The name of the table beside a pack's background. */
export function falseMatchFile(background: string): string {
  return background.replace(/\.onnx$/, '-false-matches.json');
}

/** How often two different people have these log odds or higher. */
export function falseMatchRate({ rates }: FalseMatches, logOdds: number): BoundedRate {
  return rateAt(rates, logOdds)!;
}
