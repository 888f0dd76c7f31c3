/** How often two different people are as much alike as two faces: measured on a reference set, shipped as a table. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reasonOf, WhosinError } from '../../errors.ts';
import { type BoundedRate, rateAt } from '../../learn/odds/rate-table.ts';
import type { FacePack } from '../../models/pack.ts';
import { readVerified } from '../../runtime/model-store.ts';
import { type FalseMatches, readFalseMatches } from './background-file.ts';

/** Written by fit/false-matches.ts. An added embedder has its false matches in its background itself. */
export interface FalseMatchTable extends FalseMatches {
  readonly space: string;
  /** sha256 of the background whose odds were measured: the odds of another one are others. */
  readonly background: string;
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

/** How often two different people have these log odds or higher. */
export function falseMatchRate({ rates }: FalseMatches, logOdds: number): BoundedRate {
  return rateAt(rates, logOdds)!;
}
