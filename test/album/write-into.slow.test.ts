import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { NamesToWrite } from '../../src/album/files/names-to-write.ts';
import { writeInto } from '../../src/album/files/write-names-of-photo.ts';
import type { WrittenInFile } from '../../src/catalog/written-table.ts';
import { openExifTool } from '../../src/runtime/exiftool.ts';
import { describeWithExifTool } from '../exiftool.ts';
import { encode, fourColours } from '../photo-fixtures.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describeWithExifTool('a photo', () => {
  test('into which whosin wrote a name loses it when the name is taken back, turned as the photo is', async () => {
    const path = join(await temporaryFolder(), 'a.jpg');
    await writeFile(
      path,
      await encode(fourColours(320, 240)).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    );
    const tool = await openExifTool();
    const written: WrittenInFile[] = [];
    const how = {
      dryRun: false,
      keywords: true,
      keepTimes: false,
      onWritten: async () => {},
      async remember(file: string, names: readonly Omit<WrittenInFile, 'sha256' | 'file'>[]) {
        expect(file).toBe(path);
        written.splice(0, written.length, ...names.map((one) => ({ ...one, sha256: '', file: 'a.jpg' })));
      },
    };
    const photo: NamesToWrite = {
      path,
      sha256: '',
      size: { width: 240, height: 320 },
      faces: [{ name: 'Ann', box: { left: 0.1, top: 0.2, width: 0.3, height: 0.2 } }],
      hidden: [],
      written,
      mayChange: () => true,
    };
    expect(await writeInto(photo, tool, how)).toMatchObject([{ changes: [{ name: 'Ann' }] }]);
    expect(String(await readFile(path))).toContain('Ann');
    expect(written.map(({ form }) => form)).toEqual(['mwg', 'microsoft', 'people', 'keywords']);
    // In the upright photo, to a millionth.
    expect(written[0]!.box!.left).toBeCloseTo(0.1, 5);
    const gone = await writeInto({ ...photo, faces: [] }, tool, how);
    expect(gone).toMatchObject([{ changes: [{ name: null, was: 'Ann' }] }]);
    expect(String(await readFile(path))).not.toContain('Ann');
    expect(written).toEqual([]);
    expect(await writeInto({ ...photo, faces: [] }, tool, how)).toEqual([]);
  });
});
