import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Dataset, withoutCopies } from '../../src/photos/dataset.ts';
import { listLabelFolders } from '../../src/photos/label-folders.ts';
import { readOnce } from '../../src/photos/read-dataset.ts';
import { describeWithSharedData, sharedData } from '../shared-data.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** A folder of files: their contents are their paths where nothing else is said. */
async function folderWith(
  ...files: readonly (string | readonly [path: string, content: string])[]
): Promise<string> {
  const folder = await temporaryFolder();
  for (const file of files) {
    const [path, content] = typeof file === 'string' ? [file, file] : file;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** Listed and read, as far as it takes to tell contents apart: the files here are no photos. */
async function readLabelledFolder(root: string): Promise<Dataset> {
  const folders = await listLabelFolders(root);
  const neither = async (): Promise<never> => Promise.reject(new Error('none of these is looked at'));
  const hashOnly = new Set(folders.files.map(({ path }) => path));
  const reader = { compute: neither, computePixels: neither };
  return withoutCopies(folders, await readOnce(folders.files, reader, undefined, { hashOnly }));
}

function within({ root }: Dataset, path: string): string {
  return path
    .slice(root.length + 1)
    .split(sep)
    .join('/');
}

function photosOf(dataset: Dataset): string[] {
  return dataset.photos.map(({ path, label }) => `${label}: ${within(dataset, path)}`);
}

function skippedOf(dataset: Dataset): string[] {
  return dataset.skipped.map(({ path, code, reason }) => `[${code}] ${within(dataset, path)} ${reason}`);
}

describe('a folder of folders', () => {
  test('leaves out what collect set aside and wrote down, and only beside its record', async () => {
    const files = ['ann/1.jpg', 'rejected/someone-else/ann/2.jpg', 'rejected/contact-sheet.html'] as const;
    const collected = await readLabelledFolder(await folderWith(...files, 'provenance.jsonl'));
    expect([collected.labels, collected.empty, skippedOf(collected)]).toEqual([['ann'], [], []]);
    const other = await readLabelledFolder(await folderWith(...files));
    expect(other.labels).toEqual(['ann', 'rejected']);
  });

  test('becomes labels, and photos with label and sha256, in the order of paths', async () => {
    const root = await folderWith('ben/2.jpg', 'ann/1.jpg', 'ben/10.png', 'ann/IMG.HEIC');
    const dataset = await readLabelledFolder(root);
    expect(dataset.root).toBe(root);
    expect(dataset.labels).toEqual(['ann', 'ben']);
    expect(dataset.empty).toEqual([]);
    expect(dataset.skipped).toEqual([]);
    expect(photosOf(dataset)).toEqual([
      'ann: ann/1.jpg',
      'ann: ann/IMG.HEIC',
      'ben: ben/10.png',
      'ben: ben/2.jpg',
    ]);
    expect(dataset.photos[0]!.sha256).toBe(createHash('sha256').update('ann/1.jpg').digest('hex'));
  });

  test('folders within a label’s folder belong to the label', async () => {
    const root = await folderWith('ann/2019/1.jpg', 'ann/2020/may/2.jpg', 'ben/3.jpg');
    expect(photosOf(await readLabelledFolder(root))).toEqual([
      'ann: ann/2019/1.jpg',
      'ann: ann/2020/may/2.jpg',
      'ben: ben/3.jpg',
    ]);
  });

  test('keeps the names of folders exactly, in the order of code points', async () => {
    // As UTF-16 the emoji would come before the wide letter; the é is made of two code points.
    const names = ['007', 'O’Neill, J. ', 'Zoë Saldaña', 'e\u0301', '李小龙', '\uff41', '🦄 & co'];
    const root = await folderWith(...names.toReversed().map((name) => `${name}/1.jpg`));
    const { labels, photos } = await readLabelledFolder(root);
    expect(labels).toEqual(names);
    expect(photos.map(({ label }) => label)).toEqual(labels);
  });

  test('a folder without photos is named as empty and is no label', async () => {
    const root = await folderWith('ann/1.jpg', 'notes/readme.txt', 'hidden/.x.jpg');
    await mkdir(join(root, 'nobody'));
    const dataset = await readLabelledFolder(root);
    expect(dataset.labels).toEqual(['ann']);
    expect(dataset.empty).toEqual(['hidden', 'nobody', 'notes']);
  });

  test('is never written to', async () => {
    const root = await folderWith('ann/1.jpg', 'ann/1 copy.jpg', 'readme.txt');
    const before = await readdir(root, { recursive: true });
    await readLabelledFolder(root);
    expect(await readdir(root, { recursive: true })).toEqual(before);
  });

  test('may hold many files', async () => {
    const root = await folderWith(...Array.from({ length: 300 }, (_, i) => `label ${i % 3}/${i}.jpg`));
    const { photos } = await readLabelledFolder(root);
    expect(photos).toHaveLength(300);
    for (const { path, sha256, label } of photos) {
      const content = `${label}/${path.slice(path.lastIndexOf(sep) + 1)}`;
      expect(sha256).toBe(createHash('sha256').update(content).digest('hex'));
    }
  });
});

describe('what is left out', () => {
  test('hidden and system files, silently', async () => {
    const root = await folderWith(
      'ann/1.jpg',
      'ann/.DS_Store',
      'ann/._1.jpg',
      'ann/Thumbs.db',
      'ann/@eaDir/1.jpg',
      '.git/x.jpg',
      '@eaDir/x.jpg',
      'desktop.ini',
      '.DS_Store',
    );
    const dataset = await readLabelledFolder(root);
    expect(photosOf(dataset)).toEqual(['ann: ann/1.jpg']);
    expect(dataset.skipped).toEqual([]);
    expect(dataset.empty).toEqual([]);
  });

  test('files of another kind, files that are empty, and files beside the folders, each with its reason', async () => {
    const root = await folderWith(
      'ann/1.jpg',
      'ann/clip.MOV',
      'ann/labels.json',
      'ann/no-extension',
      'ann/odd.xyz',
      'notes.txt',
      'stray.jpg',
      ['ann/nothing.jpg', ''],
      ['ben/nothing.jpg', ''],
    );
    const dataset = await readLabelledFolder(root);
    expect(photosOf(dataset)).toEqual(['ann: ann/1.jpg', 'ann: ann/no-extension', 'ann: ann/odd.xyz']);
    expect(skippedOf(dataset)).toEqual([
      '[not-a-photo] ann/clip.MOV is a .mov file, not a photo',
      '[not-a-photo] ann/labels.json is a .json file, not a photo',
      '[not-a-photo] ann/nothing.jpg is empty (0 bytes)',
      '[not-a-photo] ben/nothing.jpg is empty (0 bytes)',
      '[not-a-photo] notes.txt is a .txt file, not a photo',
      '[usage] stray.jpg lies outside the sub-folders: move it into the one it belongs to',
    ]);
  });

  test('exact copies within a label: the first is taken, the others name it', async () => {
    const root = await folderWith(
      ['ann/b.jpg', 'same'],
      ['ann/a.jpg', 'same'],
      ['ann/old/a.jpg', 'same'],
      ['ann/c.jpg', 'other'],
    );
    const dataset = await readLabelledFolder(root);
    expect(photosOf(dataset)).toEqual(['ann: ann/a.jpg', 'ann: ann/c.jpg']);
    expect(skippedOf(dataset)).toEqual([
      '[usage] ann/b.jpg is an exact copy of ann/a.jpg',
      '[usage] ann/old/a.jpg is an exact copy of ann/a.jpg',
    ]);
  });

  test('a photo under two labels: used for neither, and each names the others', async () => {
    const root = await folderWith(
      ['ann/1.jpg', 'same'],
      ['ann/2.jpg', 'same'],
      ['ben/x.jpg', 'same'],
      'ann/own.jpg',
      'cleo/own.jpg',
    );
    const dataset = await readLabelledFolder(root);
    expect(photosOf(dataset)).toEqual(['ann: ann/own.jpg', 'cleo: cleo/own.jpg']);
    expect(dataset.empty).toEqual(['ben']);
    expect(skippedOf(dataset)).toEqual([
      '[usage] ann/1.jpg is the same photo as ben/x.jpg: it cannot be both, so it is used for neither',
      '[usage] ann/2.jpg is the same photo as ben/x.jpg: it cannot be both, so it is used for neither',
      '[usage] ben/x.jpg is the same photo as ann/1.jpg, ann/2.jpg: it cannot be both, so it is used for neither',
    ]);
  });

  test('what cannot be read, and the reason does not repeat the path', async () => {
    const root = await folderWith('ann/1.jpg');
    await symlink(join(root, 'gone.jpg'), join(root, 'ann', 'broken.jpg'));
    await symlink(join(root, 'gone'), join(root, 'ben'));
    const dataset = await readLabelledFolder(root);
    expect(dataset.labels).toEqual(['ann']);
    expect(skippedOf(dataset)).toEqual([
      '[not-found] ann/broken.jpg cannot be read: no such file or directory',
      '[not-found] ben cannot be read: no such file or directory',
    ]);
  });
});

test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  'files and folders that this user may not read are left out with the reason',
  async () => {
    const root = await folderWith('ann/1.jpg', 'ann/locked.jpg', 'ben/2.jpg');
    await chmod(join(root, 'ann', 'locked.jpg'), 0);
    await chmod(join(root, 'ben'), 0);
    const dataset = await readLabelledFolder(root);
    await chmod(join(root, 'ben'), 0o700);
    expect(photosOf(dataset)).toEqual(['ann: ann/1.jpg']);
    expect(skippedOf(dataset)).toEqual([
      '[not-found] ann/locked.jpg cannot be read: permission denied',
      '[not-found] ben cannot be read: permission denied',
    ]);
  },
);

describe('links', () => {
  test('to a folder make a label, and links in circles end', async () => {
    const elsewhere = await folderWith('far.jpg');
    const root = await folderWith('ann/1.jpg', 'ben/2.jpg');
    await symlink(elsewhere, join(root, 'cleo'));
    await symlink('.', join(root, 'ann', 'again'));
    await symlink('..', join(root, 'ann', 'up'));
    await symlink(root, join(root, 'all'));
    const dataset = await readLabelledFolder(root);
    expect(photosOf(dataset)).toEqual(['ann: ann/1.jpg', 'ben: ben/2.jpg', 'cleo: cleo/far.jpg']);
    expect(dataset.empty).toEqual(['all']);
    expect(dataset.skipped).toEqual([]);
  });

  test('to a photo of the same label are copies of it', async () => {
    const root = await folderWith('ann/1.jpg');
    await symlink('1.jpg', join(root, 'ann', 'link.jpg'));
    const dataset = await readLabelledFolder(root);
    expect(photosOf(dataset)).toEqual(['ann: ann/1.jpg']);
    expect(skippedOf(dataset)).toEqual(['[usage] ann/link.jpg is an exact copy of ann/1.jpg']);
  });
});

describe('a folder that cannot be learnt from is refused with what to do', () => {
  const layout = 'photos/<name>/*.jpg';

  test('one that is not there', async () => {
    const path = join(await temporaryFolder(), 'none');
    await expect(readLabelledFolder(path)).rejects.toMatchObject({
      name: 'WhosinError',
      code: 'not-found',
      message: `Cannot read the folder ${path}: no such file or directory. Expected one sub-folder for each person or thing, with photos of it: ${layout}.`,
    });
  });

  test('a file', async () => {
    const path = join(await folderWith('a.jpg'), 'a.jpg');
    await expect(readLabelledFolder(path)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/is a file, not a folder.*photos\/<name>/),
    });
  });

  test('one without sub-folders, empty or with photos directly in it', async () => {
    await expect(readLabelledFolder(await temporaryFolder())).rejects.toMatchObject({
      code: 'too-few-photos',
      message: expect.stringContaining('has no sub-folders. Expected'),
    });
    await expect(readLabelledFolder(await folderWith('a.jpg', 'b.jpg'))).rejects.toMatchObject({
      code: 'too-few-photos',
      message: expect.stringMatching(/no sub-folders.*photos\/<name>.*a\.jpg lies outside the sub-folders/),
    });
  });

  test('one whose sub-folders hold no photo', async () => {
    await expect(readLabelledFolder(await folderWith('ann/notes.txt', 'ben/clip.mp4'))).rejects.toMatchObject(
      {
        code: 'too-few-photos',
        message: expect.stringMatching(
          /no photos in the sub-folders.*ann\/notes\.txt is a \.txt file, not a photo/,
        ),
      },
    );
  });
});

describeWithSharedData('folders of ../shared/data', () => {
  test('sports-dev is five people with 25 photos each, and nothing is left out', async () => {
    const dataset = await readLabelledFolder(sharedData('faces', 'sports-dev'));
    expect(dataset.labels).toHaveLength(5);
    for (const label of dataset.labels) {
      expect(dataset.photos.filter((photo) => photo.label === label)).toHaveLength(25);
    }
    expect([...dataset.empty, ...dataset.skipped]).toEqual([]);
  });
});
