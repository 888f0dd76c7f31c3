/** A folder of files that are odd, broken or hostile: more than four hundred, a few megabytes. */

import { execFile } from 'node:child_process';
import { chmod, mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { portrait } from '../demo-people.ts';
import { oddJpegs } from './jpegs.ts';
import { noPhotos, oddBmps, oddGifs, oddHeifs, oddTiffs, oddWebps } from './other-formats.ts';
import { oddPngs } from './pngs.ts';

/** Names that break what is careless with them; all that Linux allows in a name but its end and the slash. */
const names: readonly string[] = [
  '-rf.jpg',
  '--json',
  'new\nline.jpg',
  'carriage\rreturn.jpg',
  'tab\t.jpg',
  '\u001b[2J\u001b[31mred.jpg',
  'bell\u0007.jpg',
  'right-to-left\u202egpj.exe',
  'zero\u200bwidth.jpg',
  'e\u0301 in two characters.jpg',
  'é in one character.jpg',
  '家族 👨‍👩‍👧‍👦.jpg',
  'quote".jpg',
  "apostrophe'.jpg",
  'back\\slash.jpg',
  '$(touch hostile).jpg',
  '%00%n%s.jpg',
  '[2019] (1).jpg',
  '*.jpg',
  '{a,b}.jpg',
  ' space .jpg ',
  'con.jpg',
  'dots....jpg',
  '<img src=x onerror=alert(1)>.jpg',
  `${'n'.repeat(251)}.jpg`,
];

export interface TortureFolder {
  /** Files that have to be reported, by their path within the folder. */
  readonly files: readonly string[];
  /** Ends what the folder needs alive. */
  readonly close: () => Promise<void>;
}

export async function makeTortureFolder(root: string): Promise<TortureFolder> {
  const kinds = {
    jpeg: await oddJpegs(),
    png: await oddPngs(),
    gif: await oddGifs(),
    webp: await oddWebps(),
    tiff: await oddTiffs(),
    heif: await oddHeifs(),
    bmp: oddBmps(),
    'no photos': await noPhotos(),
  };
  const files: string[] = [];
  const write = async (path: string, bytes: Uint8Array): Promise<void> => {
    await writeFile(join(root, path), bytes);
    files.push(path);
  };
  for (const [kind, odd] of Object.entries(kinds)) {
    await mkdir(join(root, kind), { recursive: true });
    for (const [name, bytes] of Object.entries(odd)) await write(join(kind, name), bytes);
  }
  await mkdir(join(root, 'names'));
  for (const [i, name] of names.entries()) {
    await write(
      join('names', name),
      await portrait('pam')
        .resize(100 + i)
        .toBuffer(),
    );
  }
  await mkdir(join(root, 'names', 'deep', ...Array.from('abcdefghijklmnopqrstuvwxyz')), { recursive: true });
  return { files, close: await addSpecials(join(root, 'specials')) };
}

/** Adds things that are no plain files. Whether they are reported or passed over, nothing may wait for them. */
async function addSpecials(folder: string): Promise<() => Promise<void>> {
  const at = (name: string): string => join(folder, name);
  await mkdir(at('folder.jpg'), { recursive: true });
  await symlink('..', at('parent'));
  await symlink('loop-b.jpg', at('loop-a.jpg'));
  await symlink('loop-a.jpg', at('loop-b.jpg'));
  await symlink('itself.jpg', at('itself.jpg'));
  await symlink('nowhere.jpg', at('dangling.jpg'));
  await symlink('/dev/zero', at('endless.jpg'));
  await symlink('/dev/null', at('nothing.jpg'));
  await promisify(execFile)('mkfifo', [at('pipe.jpg')]);
  for (const [name, megabytes] of [
    ['sparse-600-megabytes.jpg', 600],
    ['sparse-2-terabytes.png', 2 ** 21],
    ['sparse-20-megabytes.jpg', 20],
  ] as const) {
    await writeFile(at(name), '');
    await truncate(at(name), megabytes * 2 ** 20);
  }
  await writeFile(at('unreadable.jpg'), await portrait('pam').resize(90).toBuffer());
  await chmod(at('unreadable.jpg'), 0);
  await mkdir(at('unreadable-folder'));
  await chmod(at('unreadable-folder'), 0);
  // A name that is no UTF-8.
  const odd = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from('Jos\xe9.jpg', 'latin1')]);
  await writeFile(odd, await portrait('pam').resize(95).toBuffer());
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(at('socket.jpg'), resolve));
  server.unref();
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
    });
}
