/** The ways in which other programs read names, made again after their documentation, on what whosin writes. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { toUpright } from '../../../src/photos/regions/orientation.ts';
import { putNames } from '../../../src/photos/regions/put-names.ts';
import { blankXmp } from '../../../src/photos/regions/xmp.ts';
import { describeWithExifTool, xmpByExifTool } from '../../exiftool.ts';
import { sharedFolder } from '../../shared-folder.ts';

const ann = { name: 'Ann Lee', box: { left: 0.2, top: 0.25, width: 0.2, height: 0.3 } };
const files = sharedFolder();

interface Tags {
  readonly 'XMP-mwg-rs:RegionInfo': {
    readonly AppliedToDimensions: { readonly W: number; readonly H: number; readonly Unit: string };
    readonly RegionList: readonly {
      readonly Name: string;
      readonly Type: string;
      readonly Area: Readonly<Record<'X' | 'Y' | 'W' | 'H', number>> & { readonly Unit: string };
    }[];
  };
  readonly 'XMP-MP:RegionInfoMP': {
    readonly Regions: readonly { readonly Rectangle: string; readonly PersonDisplayName: string }[];
  };
}

describeWithExifTool('names that whosin writes', () => {
  let tags: Tags;
  beforeAll(async () => {
    const folder = join(files.path, 'written');
    await mkdir(folder);
    const picture = { width: 4000, height: 3000, orientation: 6 };
    const { bytes } = putNames(blankXmp(), [ann], { picture, mayChange: () => true });
    await writeFile(join(folder, 'a.xmp'), bytes);
    tags = xmpByExifTool(folder)['a.xmp'] as unknown as Tags;
  });

  test('are found as Immich reads them: regions with dimensions, by their middle, in pixels, turned with the photo', () => {
    const { AppliedToDimensions: size, RegionList } = tags['XMP-mwg-rs:RegionInfo'];
    expect(size).toEqual({ W: 4000, H: 3000, Unit: 'pixel' });
    const [region] = RegionList;
    expect([region!.Name, region!.Type, region!.Area.Unit]).toEqual(['Ann Lee', 'Face', 'normalized']);
    const { X, Y, W, H } = region!.Area;
    const pixels = [X - W / 2, Y - H / 2, W, H].map((side, i) =>
      Math.round(side * (i % 2 === 0 ? size.W : size.H)),
    );
    expect(pixels).toEqual([800, 750, 800, 900]);
    const { left, top, width, height } = toUpright(
      { left: X - W / 2, top: Y - H / 2, width: W, height: H },
      6,
    );
    expect([left, top, width, height].map((side) => Number(side.toFixed(4)))).toEqual([0.45, 0.2, 0.3, 0.2]);
  });

  test("are found as digiKam reads them: Microsoft's rectangle first, four numbers and a name", () => {
    const [region] = tags['XMP-MP:RegionInfoMP'].Regions;
    expect(region!.PersonDisplayName).toBe('Ann Lee');
    expect(region!.Rectangle.split(',').map(Number)).toEqual([0.2, 0.25, 0.2, 0.3]);
  });
});
