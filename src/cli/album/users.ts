/** `whosin album users`: those who may use the album through a server, and what each of them may do. */

import { Command, Option } from '@commander-js/extra-typings';
import { type Role, roles } from '../../album/users.ts';
import { shown } from '../../report/words.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { err, note, out, print } from '../terminal/output.ts';
import { albumOption, withAlbum } from './open.ts';

const mayDo: Readonly<Record<Role, string>> = {
  look: 'sees and searches',
  answer: 'sees, searches and names',
  own: 'may do everything',
};

export function usersCommand(run: Invocation): Command {
  const command = new Command('users')
    .description('List those who may use the album through `whosin serve`, besides you.')
    .option(...albumOption)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Each album has users of its own. Their answers bear their names in \`whosin album log\`.
  look     sees and searches
  answer   names too, and takes back what they said themselves
  own      everything, the folders and models of the machine too

Examples:
  whosin album users add Ann --role answer
  whosin album users remove Ann`,
    )
    .action(async ({ album: where, json = false }) => {
      await withAlbum(run, { album: where }, async (album) => {
        const users = await album.users.list();
        const added = (at: number): string => new Date(at).toISOString();
        if (json) {
          const list = users.map(({ name, role, added: at }) => ({ name, role, added: added(at) }));
          return print(JSON.stringify({ schema: 1, users: list }));
        }
        for (const { name, role, added: at } of users)
          print(`${role.padEnd(7)} ${shown(name)}  ${out.dim(`since ${added(at).slice(0, 10)}`)}`);
        if (users.length === 0) note(err.dim('Nobody but you (whosin album users add).'));
      });
    });
  command.addCommand(addUser(run));
  command.addCommand(removeUser(run));
  return command;
}

function addUser(run: Invocation): Command {
  const command = new Command('add')
    .description('Let somebody in, or give them another role; their earlier link and token end then.')
    .argument('<name>')
    .addOption(new Option('--role <role>', 'what they may do').choices(roles).makeOptionMandatory())
    .option('--address <url>', 'how they reach your server', 'http://127.0.0.1:4180')
    .option(...albumOption)
    .option('--json', 'print one JSON object')
    .action(async (name, { role, address, album: where, json = false }) => {
      await withAlbum(run, { album: where }, async (album) => {
        const { token, link: secret } = await album.users.add(name, role);
        const link = `${address.replace(/\/+$/, '')}/?token=${secret}`;
        if (json) return print(JSON.stringify({ schema: 1, name, role, link, token }));
        print(`${shown(name)} ${mayDo[role]}.`);
        print(`Link for a browser, opens once, within a week:  ${link}`);
        print(`Token for programs:  ${token}`);
        note(err.dim('Neither is shown again: add them once more for other ones.'));
      });
    });
  return command as unknown as Command;
}

function removeUser(run: Invocation): Command {
  const command = new Command('remove')
    .description('Let somebody in no more, at once; their answers stay.')
    .argument('<name>')
    .option(...albumOption)
    .option('--json', 'print one JSON object')
    .action(async (name, { album: where, json = false }) => {
      await withAlbum(run, { album: where }, async (album) => {
        await album.users.remove(name);
        if (json) return print(JSON.stringify({ schema: 1, removed: name }));
        print(`${shown(name)} is let in no more.`);
      });
    });
  return command as unknown as Command;
}
