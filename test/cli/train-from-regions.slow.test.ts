import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { loadPeopleModel } from '../../src/faces/people/people-model.ts';
import { cutAtRow, twoPeople } from '../cut-photos.ts';
import { type DemoPerson, demoPeople, portrait, writePhoto } from '../demo-people.ts';
import { demoPhoto } from '../photo-fixtures.ts';
import { description, mwgElements, packet } from '../photos/regions/xmp-text.ts';
import { sharedFolder } from '../shared-folder.ts';
import { setUpCalls } from './call-whosin.ts';

const whosin = setUpCalls();
const files = sharedFolder();

/** The people of a photo, as another program would name them. */
async function sidecarOf(photo: number, type = 'Face'): Promise<string> {
  const { width, height } = await sharp(demoPhoto(photo)).metadata();
  const areas = Object.entries(demoPeople)
    .filter(([, place]) => place.photo === photo)
    .map(([name, { x, y, side }]) => ({
      name,
      type,
      x: x / width,
      y: y / height,
      w: (side * 0.6) / width,
      h: (side * 0.7) / height,
    }));
  // A name where nobody is.
  return packet(
    description(mwgElements([...areas, { name: 'ghost', type, x: 0.02, y: 0.98, w: 0.03, h: 0.03 }])),
  );
}

beforeAll(async () => {
  const at = (...names: string[]): string => join(files.path, 'pictures', ...names);
  await mkdir(at('2019'), { recursive: true });
  await copyFile(demoPhoto(3), at('2019', 'two.jpg'));
  await writeFile(at('2019', 'two.jpg.xmp'), await sidecarOf(3));
  await copyFile(demoPhoto(6), at('group.jpg'));
  await writeFile(at('group.xmp'), await sidecarOf(6));
  await copyFile(demoPhoto(1), at('nobody-is-named.jpg'));
});

test('faces that photos name are learned, whatever folder they lie in, and known again', async () => {
  const run = await whosin(['train', 'pictures', '--from-regions', '-o', 'people.onnx', '--json'], {
    cwd: files.path,
  });
  expect(run.status).toBe(0);
  const report = JSON.parse(run.stdout) as { readonly skipped: readonly { readonly reason: string }[] };
  expect(report.skipped.map(({ reason }) => reason)).toEqual([
    'shows no face that could be found where it names ghost',
    'shows no face that could be found where it names ghost',
  ]);
  const { people } = await loadPeopleModel(join(files.path, 'people.onnx'));
  expect(people).toEqual(Object.keys(demoPeople));
  for (const person of Object.keys(demoPeople) as DemoPerson[]) {
    const path = join(files.path, 'probe.jpg');
    await writePhoto(path, portrait(person, 2));
    const { stdout } = await whosin(['identify', path, '-m', 'people.onnx', '--json'], { cwd: files.path });
    const { faces } = JSON.parse(stdout) as { readonly faces: readonly { readonly person: string | null }[] };
    expect(faces.map((face) => face.person)).toContain(person);
  }
});

// It was learned from the half of it that was there, and the report counted no photo as damaged.
test('a face that damage touches is not learned, and the report lists the photo', async () => {
  const folder = join(files.path, 'damaged');
  await writePhoto(join(folder, 'whole.jpg'), await twoPeople('mona', 'nell'));
  await writePhoto(join(folder, 'cut.jpg'), await cutAtRow(await twoPeople('olga', 'pam'), 640));
  const sidecar = (above: string, below: string): string =>
    packet(
      description(
        mwgElements([
          { name: above, x: 0.5, y: 0.25, w: 0.6, h: 0.35 },
          { name: below, x: 0.5, y: 0.75, w: 0.6, h: 0.35 },
        ]),
      ),
    );
  await writeFile(join(folder, 'whole.jpg.xmp'), sidecar('mona', 'nell'));
  await writeFile(join(folder, 'cut.jpg.xmp'), sidecar('olga', 'pam'));
  const { stdout } = await whosin(['train', folder, '--from-regions', '-o', 'cut.onnx', '--json'], {
    cwd: files.path,
  });
  const { damaged, skipped } = JSON.parse(stdout) as Record<string, { path: string; reason: string }[]>;
  expect(damaged).toEqual([
    { path: 'cut.jpg', reason: expect.stringMatching(/^is damaged.* of the picture is missing/) },
  ]);
  expect(skipped).toEqual([{ path: 'cut.jpg', reason: 'is damaged where it shows pam' }]);
  const { people } = await loadPeopleModel(join(files.path, 'cut.onnx'));
  expect(people).toEqual(['mona', 'nell', 'olga']);
});

test('a folder without names is refused with a sentence', async () => {
  const { status, stderr } = await whosin(
    ['train', join('pictures', 'nobody-is-named.jpg'), '--from-regions', '-o', 'none.onnx'],
    { cwd: files.path },
  );
  expect(status).toBe(1);
  expect(stderr).toContain('names a face (whosin regions shows what they carry)');
});
