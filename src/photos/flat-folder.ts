/** One file a person, `ann.jpg` and `bob.jpg`: their names are those of the files. No photo is opened here. */

import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { WhosinError } from '../errors.ts';
import {
  type LabelFolders,
  type LabelledFile,
  layout,
  listLabelFolders,
  notAPhoto,
  type Skipped,
  skippedFor,
  sortedByPath,
  within,
} from './label-folders.ts';
import { doubtsAboutNames, listed, quoted } from './label-names.ts';
import { isHidden, kindOf, otherKind } from './photo-files.ts';
import { refusal } from './unreadable.ts';

/** How cameras, phones and messengers number their files. */
const numbered =
  /^(?:img|image|dsc|dscn|dscf|pxl|mvi|imgp|sam|photo|foto|picture|pic|screenshot|whatsapp image)[-_ .(]*\d|^\d+$/i;

/**
 * @param root holds one photo of each person; two of one name (`ann.jpg`, `ann.png`) are one person's
 * @throws WhosinError `not-found`, or `usage` if two names look the same
 */
async function listFlatFolder(root: string): Promise<LabelFolders> {
  const files: LabelledFile[] = [];
  const skipped: Skipped[] = [];
  for (const entry of await entriesOf(root)) {
    const path = join(root, entry);
    const kind = await kindOf(path);
    if (kind instanceof WhosinError) skipped.push(skippedFor(path, kind));
    else if (kind.isDirectory()) skipped.push(folderBeside(path));
    else if (otherKind(path)) skipped.push(notAPhoto(path));
    else files.push({ path, label: entry.slice(0, entry.length - extname(entry).length) });
  }
  const sorted = sortedByPath(files);
  const names = [...new Set(sorted.map(({ label }) => label))];
  return {
    root,
    names,
    files: sorted,
    skipped,
    doubts: [...doubtsAboutNames(root, names), ...byNumber(names)],
  };
}

/**
 * Folders of labels, or a flat folder if that is asked for.
 *
 * @throws WhosinError as both; `too-few-photos` with the way out if photos lie in no folder of a person
 */
export async function listPeople(root: string, flat: boolean): Promise<LabelFolders> {
  if (flat) return listFlatFolder(root);
  const folders = await listLabelFolders(root);
  const outside = folders.skipped.filter(({ code }) => code === 'usage');
  if (folders.names.length > 0 || outside.length === 0) return folders;
  throw new WhosinError(
    'too-few-photos',
    `${root} has no sub-folders. ${layout} Photos lie in it, such as ${within(root, outside[0]!.path)}: if each shows one person and has the name of that person (ann.jpg, bob.jpg), give --flat.`,
    { path: root },
  );
}

async function entriesOf(root: string): Promise<readonly string[]> {
  try {
    return (await readdir(root)).filter((name) => !isHidden(name));
  } catch (error) {
    throw new WhosinError('not-found', `Cannot read the folder ${root}: ${refusal(root, error)}.`, {
      cause: error,
    });
  }
}

function folderBeside(path: string): Skipped {
  return {
    path,
    code: 'usage',
    reason: 'is a folder: --flat takes the photos beside it, one for each person',
  };
}

function byNumber(names: readonly string[]): readonly string[] {
  const found = names.filter((name) => numbered.test(name));
  if (found.length === 0) return [];
  return [
    `${listed(found.map(quoted))}: these look like numbers of a camera, and --flat learns them as names of people. Give each file the name of its person.`,
  ];
}
