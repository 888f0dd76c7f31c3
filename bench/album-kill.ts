/**
 * A process that adds photos to an album, names, answers and undoes is killed (SIGKILL) again and again: how much of what
 * it was told to have been said is lost, and whether the file stays whole.
 *
 *   npx tsx bench/album-kill.ts [KILLS=200]
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../src/core/random.ts';
import { killAtWork, openMade } from '../test/album/kill-trial.ts';
import { isQuick, places, report } from './support/results.ts';

const kills = Number(places[0] ?? (isQuick ? 10 : 200));
/** An album is begun anew after so many: it grows while they work. */
const killsEach = 25;
const random = seededRandom(200);
let [told, lost, damaged, albums] = [0, 0, 0, 0];
for (let done = 0; done < kills; albums++) {
  const folder = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
  try {
    for (let n = 0; n < killsEach && done < kills; n++, done++) {
      const killed = await killAtWork(folder, done + 1, random() * 2500);
      told += killed.told;
      lost += killed.lost.length;
      if (killed.problems.length > 0) damaged++;
      for (const line of [...killed.lost, ...killed.problems]) console.error(`kill ${done}: ${line}`);
      if (done % 10 === 9) console.error(`${done + 1} kills, ${told} told, ${lost} lost, ${damaged} damaged`);
    }
    const album = await openMade(folder);
    await album.add([join(folder, 'photos')]);
    const { photos, faces, files } = await album.status();
    if (photos !== faces || files.pending + files.failed > 0) throw new Error(JSON.stringify(files));
    await album.close();
  } finally {
    await rm(folder, { recursive: true });
  }
}
await report('album-kill', {
  title: `${kills} times SIGKILL during add, name, answer and undo`,
  rows: [{ kills, albums, 'entries told': told, lost, 'files damaged': damaged }],
  notes: ['The file is checked by PRAGMA integrity_check and foreign_key_check after each.'],
});
