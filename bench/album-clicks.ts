/**
 * The work that a person has with an album: a simulated one, who knows the truth, answers what `album review` asks until
 * 99 % of the faces are right.
 *
 *   npx tsx bench/album-clicks.ts [FOLDERS=sports-dev,celeb5/train,celeb5/test,lfw-dev of ../shared/data/faces] [--quick]
 *
 * A face is right where it has the name of its person, given or automatic; a face of somebody with fewer photos than
 * `least` in the album is a stranger's, and right without a name. A click is one answer: yes, no, a name for what is
 * asked about, "a stranger", or the name of one face that does not belong to the others. The order of the questions is
 * the album's; nothing else is known to it. Beside it: every face named by itself, and every group named as the
 * grouping made it (each face that is in a wrong group by itself).
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAlbum } from '../src/album/open-album.ts';
import type { Question } from '../src/album/said/questions.ts';
import { readConfig } from '../src/config.ts';
import { groupedBy } from '../src/core/grouped.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { labelAlbum } from './support/labelled-album.ts';
import { isQuick, places, type Row, report } from './support/results.ts';

const sets: readonly (readonly string[])[] =
  places.length > 0
    ? [places]
    : isQuick
      ? [['sports-dev']]
      : [
          ['sports-dev'],
          ['celeb5/train', 'celeb5/test'],
          ['lfw-dev'],
          ['sports-dev', 'celeb5/train', 'celeb5/test', 'lfw-dev'],
        ];
const target = 0.99;
const config = readConfig();
const faces = await openFaces({ config });
const rows: Row[] = [];
for (const set of sets) for (const least of [1, 5]) rows.push(await measure(set, least));
await faces.close();
await report('album-clicks', {
  title: 'Clicks of a person until 99 % of the faces are right',
  rows,
  notes: [
    'least: people with fewer photos are strangers, and right without a name.',
    'groups: without suggestions, each group named once and each wrong face in it by itself.',
  ],
});

async function measure(set: readonly string[], least: number): Promise<Row> {
  const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
  // An album closes what it reads faces with; the next one needs it again.
  const shared = { ...faces, close: async () => {} };
  const album = await openAlbum(join(scratch, 'album.db'), { config, faces: async () => shared });
  try {
    await album.add(set.map((name) => join('../shared/data/faces', name)));
    const { truth } = await labelAlbum(album, faces, least);
    const everyFace = truth.size;
    const byGroups = await clicksByGroups();
    let clicks = 0;
    const asked = { yes: 0, no: 0, named: 0, strangers: 0, moved: 0 };
    const curve: [number, number][] = [];
    let right = await shareRight();
    const begun = right.share;
    while (right.share < target) {
      const [question] = (await album.questions({ limit: 1, singles: true })) as [Question?];
      if (question === undefined) break;
      clicks += await answer(question);
      right = await shareRight();
      if (clicks % 50 < 2) curve.push([clicks, right.share]);
      if (isQuick || clicks % 100 < 2)
        console.error(set.join('+'), clicks, right.share.toFixed(4), JSON.stringify(asked));
    }
    const status = await album.status();
    const expected = status.automatic.expectedWrong;
    return {
      album: set.join(' + '),
      least,
      faces: everyFace,
      people: new Set(truth.values()).size,
      'right at first': begun.toFixed(3),
      clicks,
      'per 1,000 faces': Math.round((1000 * clicks) / everyFace),
      'by groups': Math.round((1000 * byGroups) / everyFace),
      reached: right.share.toFixed(4),
      answers: JSON.stringify(asked),
      automatic: status.automatic.faces,
      'wrong, expected': expected === null ? '' : expected.toFixed(4),
      'wrong, counted': right.wrongShare.toFixed(4),
    };

    async function answer({ kind, person, about, ...question }: Question): Promise<number> {
      const who = groupedBy(about, (face) => truth.get(face) ?? null);
      const [most] = [...who].toSorted((a, b) => b[1].length - a[1].length);
      const [name, own] = most!;
      const others = about.filter((face) => !own.includes(face));
      // One click for what most of them are, one for each that is somebody else.
      let count = 1;
      const asWhole = { kind, person, about: own, ...question };
      if (name === null) {
        asked.strangers++;
        await album.answer(asWhole, { kind: 'stranger' });
      } else if (kind === 'person' && name === person) {
        asked.yes++;
        await album.answer(asWhole, { kind: 'yes' });
      } else {
        asked.named++;
        if (kind === 'person') asked.no++;
        await album.answer(asWhole, { kind: 'is', person: name });
      }
      for (const face of others) {
        const truly = truth.get(face);
        const single = { kind, person, about: [face] };
        if (truly === undefined) await album.answer(single, { kind: 'stranger' });
        else await album.answer(single, { kind: 'is', person: truly });
        asked.moved++;
        count++;
      }
      return count;
    }

    async function shareRight(): Promise<{ readonly share: number; readonly wrongShare: number }> {
      return album.catalog.read(async (tables) => {
        const names = new Map((await tables.people.all()).map(({ id, shown }) => [id, shown]));
        let good = 0;
        let [automatic, wrong] = [0, 0];
        for await (const part of tables.answers.each()) {
          for (const { face, state, person } of part) {
            const name = state === 'confirmed' || state === 'automatic' ? names.get(person!) : undefined;
            const truly = truth.get(face);
            if (truly !== undefined && name === truly) good++;
            if (state === 'automatic' && truly !== undefined) {
              automatic++;
              if (name !== truly) wrong++;
            }
          }
        }
        return { share: good / truth.size, wrongShare: automatic === 0 ? 0 : wrong / automatic };
      });
    }

    /** The largest group first, strangers' ones too: each is looked at, and that is a click. */
    async function clicksByGroups(): Promise<number> {
      const { groups } = await album.groups({ limit: 100_000, least: 1, shown: 0 });
      let [count, good] = [0, 0];
      for (const { group } of groups) {
        if (good >= target * truth.size) break;
        const answers = await album.catalog.read((tables) => tables.answers.inGroups([group]));
        const who = groupedBy(answers, ({ face }) => truth.get(face) ?? null);
        const sizes = [...who.values()].map((own) => own.length);
        count += 1 + answers.length - Math.max(...sizes);
        good += answers.filter(({ face }) => truth.has(face)).length;
      }
      return count;
    }
  } finally {
    await album.close();
    await rm(scratch, { recursive: true });
  }
}
