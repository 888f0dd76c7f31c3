/** `whosin album find`: photos by who is in them, when and where. */

import { Command } from '@commander-js/extra-typings';
import type { Found } from '../../album/search/find.ts';
import { takeOut } from '../../album/search/take-out.ts';
import { WhosinError } from '../../errors.ts';
import { foundJson } from '../../report/album-json.ts';
import { foundPage } from '../../report/album-page.ts';
import { count, probability, shown } from '../../report/words.ts';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { err, note, print } from '../terminal/output.ts';
import { albumOption, withAlbum } from './open.ts';

export function findCommand(run: Invocation): Command {
  const command = new Command('find')
    .description('Find photos and videos by who is in them, when they were taken and where they lie.')
    .argument('<query...>', 'as in: Grandma and Ann, not Bob, 2019')
    .option(...albumOption)
    .option('--confirmed', 'only names that you gave count')
    .option('--limit <n>', 'photos to list', wholeNumber(1), 100_000)
    .option('--page <file>', 'write a page with small copies')
    .option('--copy-to <dir>', 'copy what is found into this folder')
    .option('--link-to <dir>', 'make links to what is found in this folder')
    .option('--first-frame', 'with --copy-to: instead of a video, the picture where the first person appears')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
  Grandma and Ann      both are in it           Grandma or Ann     one of them is
  not Bob              nobody in it is, or is likely to be, Bob
  only Grandma         and no other face        unknown            somebody without a name
  at least 3 faces     2 faces   no faces       confirmed Ann      a name that you gave
  Ann aged 4           Ann aged 2..5      by her birth (album correct born) and the time of the camera
  2019   2019-07   2019-07-04   2018..2020   since 2019   before 2019
  in Italy             a folder of that name    videos   photos
A comma means "and". Put a name that has such words in it in quotation marks. whosin prints how it understood the query
to standard error.

Examples:
  whosin album find Grandma and Ann, not Bob, 2019
  whosin album find "only Grandma, since 2020" --copy-to grandma/
  whosin album find "at least 5 faces, in Italy" --page italy.html`,
    )
    .action(async (words, options) => {
      const {
        album: where,
        confirmed = false,
        limit,
        page,
        copyTo,
        linkTo,
        firstFrame = false,
        json = false,
      } = options;
      if (copyTo !== undefined && linkTo !== undefined) {
        throw new WhosinError('usage', 'Give either --copy-to or --link-to.');
      }
      if (firstFrame && copyTo === undefined)
        throw new WhosinError('usage', '--first-frame needs --copy-to.');
      const query = words.join(' ');
      await withAlbum(run, { album: where }, async (album) => {
        const found = await album.find(query, { confirmed, limit });
        if (page !== undefined) await writeFileAtomically(page, await foundPage(query, found));
        if (json) print(JSON.stringify(foundJson(found)));
        else sayFound(found);
        const folder = copyTo ?? linkTo;
        if (folder === undefined) return;
        const how = copyTo === undefined ? 'link' : 'copy';
        const taken = await takeOut(found.photos, folder, { how, firstFrame, config: run.config });
        for (const error of taken.failed) note(`${err.red('error:')} ${shown(error.message)}`);
        note(err.dim(`${count(taken.files, 'file')} in ${shown(folder)}`));
        if (taken.failed.length > 0) run.done(1);
      });
    });
  return command as unknown as Command;
}

function sayFound({ meaning, total, photos }: Found): void {
  for (const { path } of photos) print(path.includes('\n') ? shown(path) : path);
  note(err.dim(`Looked for: ${meaning.map(shown).join('; ')}.`));
  const unsure = photos.flatMap(({ probability: p }) => (p === null || p === 1 ? [] : [p]));
  const least = unsure.length > 0 ? `, the least sure with ${probability(Math.min(...unsure))}` : '';
  const rest = total > photos.length ? `, ${total - photos.length} not listed` : '';
  note(err.dim(`${count(total, 'photo')}${least}${rest}`));
}
