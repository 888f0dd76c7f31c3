/**
 * Random edits of XMP packets: names are put in and changed, whosin and ExifTool read the packets (test/photos/regions/edit-trial.ts).
 *
 *   npx tsx bench/edits.ts [SERIES=50] [EDITS_EACH=200]
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { editTrial } from '../test/photos/regions/edit-trial.ts';
import { isQuick, places, report } from './support/results.ts';

const [series = isQuick ? '4' : '50', editsEach = '200'] = places;
const folder = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
try {
  const options = { series: Number(series), editsEach: Number(editsEach), seed: 18 };
  const { edits, judged, faults } = await editTrial(folder, options);
  console.log(faults.slice(0, 20).join('\n'));
  await report('edits', {
    title: 'Random edits of XMP packets',
    rows: [{ edits, 'packets that ExifTool read': judged, faults: faults.length }],
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
