/** Writes the measured tables of docs/ACCURACY.md, docs/ALBUM.md, docs/GOALS.md, docs/MODELS.md, docs/REGIONS.md, docs/RELIABILITY.md, docs/SCALE.md, docs/CLUSTER.md, docs/SERVER.md and docs/SPEED.md from bench/results: `npm run tables`. */

import { writeFileSync } from 'node:fs';
import { pages } from '../test/result-pages.ts';

for (const { file, made } of pages()) writeFileSync(file, made());
