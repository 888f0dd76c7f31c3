/** Pages whose tables come from bench/results. */

import { readFileSync } from 'node:fs';
import { type Run, withResultTables } from '../bench/support/result-tables.ts';

const root = new URL('../', import.meta.url);

export interface ResultPage {
  readonly name: string;
  readonly file: URL;
  readonly text: string;
  /** The page as the results would have it. */
  readonly made: () => string;
}

export function pages(): ResultPage[] {
  return [
    'docs/ACCURACY.md',
    'docs/ALBUM.md',
    'docs/GOALS.md',
    'docs/SPEED.md',
    'docs/RELIABILITY.md',
    'docs/REGIONS.md',
    'docs/SERVER.md',
    'docs/MODELS.md',
    'docs/SCALE.md',
    'docs/CLUSTER.md',
  ].map((name) => {
    const file = new URL(name, root);
    const text = readFileSync(file, 'utf8');
    return { name, file, text, made: () => withResultTables(text, runsOf) };
  });
}

function runsOf(file: string): Run[] {
  return JSON.parse(readFileSync(new URL(`bench/results/${file}.json`, root), 'utf8')) as Run[];
}
