/** `whosin album groups` and `whosin album name`: who is waiting for a name, and the name. */

import { Command } from '@commander-js/extra-typings';
import type { Album } from '../../album/open-album.ts';
import { WhosinError } from '../../errors.ts';
import { groupsJson } from '../../report/album-json.ts';
import { groupsPage } from '../../report/album-page.ts';
import { groupLine } from '../../report/album-words.ts';
import { count, shown } from '../../report/words.ts';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import { ask, canAsk } from '../terminal/ask.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { err, note, out, print } from '../terminal/output.ts';
import { albumOption, withAlbum } from './open.ts';

export function groupsCommand(run: Invocation): Command {
  const command = new Command('groups')
    .description('List the groups of faces without a name, the largest first.')
    .option(...albumOption)
    .option('--limit <n>', 'groups to list', wholeNumber(1), 50)
    .option('--least <n>', 'leave out groups with fewer faces', wholeNumber(1), 2)
    .option('--page <file>', 'write a page with the faces of each')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Each group is probably one person. A group keeps its number.

Examples:
  whosin album groups --page groups.html
  whosin album name 3 "Grandma"
  whosin album groups --least 1 --limit 1000 --json`,
    )
    .action(async ({ album: where, limit, least, page, json = false }) => {
      await withAlbum(run, { album: where }, async (album) => {
        const groups = await album.groups({ limit, least });
        if (page !== undefined) await writeFileAtomically(page, await groupsPage(album, groups));
        if (json) return print(JSON.stringify(groupsJson(groups)));
        for (const group of groups.groups) print(groupLine(group));
        const rest = groups.total - groups.groups.length;
        note(
          err.dim(`${count(groups.total, 'group')} without a name${rest > 0 ? `, ${rest} not listed` : ''}`),
        );
        if (page !== undefined) note(err.dim(`Page: ${shown(page)}`));
      });
    });
  return command;
}

export function nameCommand(run: Invocation): Command {
  const command = new Command('name')
    .description('Give a group a name, or join it to the person who has that name.')
    .argument('<group>', 'its number, as whosin album groups shows it', wholeNumber(1))
    .argument('<name>', 'in any script')
    .option(...albumOption)
    .option('--merge', 'the person is the one who has that name already')
    .option('--new', 'the person is somebody else of the same name')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  whosin album name 3 "Grandma"
  whosin album name 17 "Grandma" --merge
  whosin album undo`,
    )
    .action(async (group, name, { album: where, merge = false, new: anew = false, json = false }) => {
      if (merge && anew) throw new WhosinError('usage', 'Give either --merge or --new.');
      await withAlbum(run, { album: where }, async (album) => {
        const named = await nameOrAsk(album, group, name, { merge, anew });
        if (json) return print(JSON.stringify({ schema: 1, ...named }));
        print(
          `${out.green(shown(named.person))}: ${count(named.faces, 'face')} of group ${group}${named.joined ? ', joined to the others' : ''}.`,
        );
        note(err.dim(`Take it back with: whosin album undo ${named.said}`));
      });
    });
  return command as unknown as Command;
}

type Named = Awaited<ReturnType<Album['name']>>;

async function nameOrAsk(
  album: Album,
  group: number,
  name: string,
  how: { readonly merge: boolean; readonly anew: boolean },
): Promise<Named> {
  try {
    return await album.name(group, name, how);
  } catch (error) {
    const isTaken = error instanceof WhosinError && error.code === 'in-use';
    if (!isTaken || !canAsk()) throw error;
    const answer = await ask(`There is somebody called "${shown(name)}" already. The same person? [y/n] `);
    if (/^y/i.test(answer)) return album.name(group, name, { merge: true });
    if (/^n/i.test(answer)) return album.name(group, name, { anew: true });
    throw error;
  }
}
