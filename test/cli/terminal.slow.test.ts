/** Looks of a terminal, as a person sees it. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { portrait, writePhoto, writePortraits } from '../demo-people.ts';
import { encode, fourColours } from '../photo-fixtures.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { warmHome } from '../warm-home.ts';
import { describeOnTerminal, onTerminal } from './pseudo-terminal.ts';
import { setUpModel, setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();
const model = setUpModel(whosin, { mona: ['mona', 1], nell: ['nell', 1] });

/** Everything below a space but the end of a line, and delete. */
function controlCharacters(text: string): string[] {
  return text.split('').filter((c) => (c < ' ' && c !== '\n') || c === '\u007f');
}

async function newHome(cwd: string): Promise<string> {
  // With networks alone: what is found in photos is computed by each test.
  await warmHome(join(cwd, 'home'));
  return join(cwd, 'home');
}

async function albumOf(photos: number): Promise<{ readonly cwd: string; readonly home: string }> {
  const cwd = await temporaryFolder();
  for (let i = 1; i <= photos; i++) {
    const photo = portrait(i % 2 === 0 ? 'mona' : 'nell').resize(400 - i);
    await writePhoto(join(cwd, 'album', `${i}.jpg`), photo);
  }
  return { cwd, home: await newHome(cwd) };
}

/** The results of the album, each with the line of its face. */
function results(photos: number): unknown[] {
  return Array.from({ length: photos }, (_, i) => {
    const name = i % 2 === 0 ? 'nell' : 'mona';
    return [
      `album/${i + 1}.jpg: 1 face: ${name}`,
      expect.stringMatching(new RegExp(`^  ${name} +>?0\\.\\d+  next .* at \\d+,\\d+$`)),
    ];
  }).flat();
}

const earlier = Array.from({ length: 30 }, (_, i) => `old ${i + 1}`);
const notEmpty = (line: string): boolean => line !== '';

describeOnTerminal('on a terminal', () => {
  test('the progress bar and the results do not get into each other’s lines', async () => {
    const { cwd, home } = await albumOf(8);
    await writeFile(join(cwd, 'album', '5b.jpg'), 'no photo');
    const { output, lines } = await onTerminal(['identify', 'album', '-m', model.path], { cwd, home });
    expect(output).toContain('Identifying');
    expect(lines.filter((line) => line.includes('error:'))).toEqual([
      expect.stringMatching(/^error: album\/5b\.jpg/),
    ]);
    const others = lines.filter((line) => notEmpty(line) && !line.includes('error:'));
    expect(others).toEqual([...results(8), '9 photos, 8 faces, 8 named, 1 could not be read']);
  });

  // The place of the cursor was stored at the start and gone back to at the end: after a run longer than the
  // screen, the summary was written over old output. Long lines were cut, because wrapping was off.
  test.each([80, 20])('%d columns, and more results than rows: everything in its order', async (columns) => {
    const { cwd, home } = await albumOf(12);
    const options = { cwd, home, columns, rows: 10, before: "seq -f 'old %g' 30" };
    const { output, lines } = await onTerminal(['identify', 'album', '-m', model.path], options);
    expect(output).toContain('Identifying');
    expect(lines.filter(notEmpty)).toEqual([...earlier, ...results(12), '12 photos, 12 faces, 12 named']);
  });

  test('training tells its story without remains of the bar', async () => {
    const cwd = await temporaryFolder();
    await writePortraits(join(cwd, 'photos'), { mona: ['mona', 2], nell: ['nell', 2] });
    const { lines } = await onTerminal(['train', 'photos', '-o', 'people.onnx'], {
      cwd,
      home: await newHome(cwd),
    });
    expect(lines[0]).toBe('photos: 4 photos of 2 people');
    expect(lines.filter((line) => line.includes('Reading photos'))).toEqual([]);
    expect(lines).toContain('4 faces in 4 photos (4 computed, 0 cached), 0 photos with several faces');
  });

  test('there are colours', async () => {
    const { cwd, home } = await albumOf(1);
    const { output } = await onTerminal(['identify', 'album', '-m', model.path], { cwd, home });
    expect(output).toContain('\u001b[32m');
  });

  // It left the cursor hidden and wrapping off.
  test('Ctrl-C in the middle leaves the terminal as it was', async () => {
    const { cwd, home } = await albumOf(20);
    const press = { keys: '\u0003', at: 'Identifying' };
    const { output, wraps } = await onTerminal(['identify', 'album', '-m', model.path], { cwd, home, press });
    expect(output).toContain('^C');
    expect(output).not.toContain('20 photos');
    expect(wraps).toBe(true);
    // Hidden and shown cursor, wrapping, a stored place of the cursor.
    // oxlint-disable-next-line no-control-regex -- these are what is looked for
    expect(output.match(/\u001b(?:\[\?(?:25|7)[lh]|[78]|\[[su])/g)).toBeNull();
  });
});

test('names cannot send commands to the terminal', async () => {
  const cwd = await temporaryFolder();
  const name = 'red\u001b[31m\u0007 ink';
  await mkdir(join(cwd, 'photos', name), { recursive: true });
  await writePhoto(join(cwd, 'photos', name, '1.jpg'), portrait('mona'));
  await writePhoto(join(cwd, 'photos', name, `${name}.png`), encode(fourColours()).png());
  await writeFile(join(cwd, 'photos', name, `bad${name}.jpg`), 'no photo');
  const trained = await whosin(['train', 'photos', '-o', 'people.onnx'], { cwd });
  const asked = await whosin(['identify', 'photos', '-m', 'people.onnx'], { cwd });
  const json = await whosin(['identify', 'photos', '-m', 'people.onnx', '--json'], { cwd });
  for (const { stdout, stderr } of [trained, asked, json]) {
    expect(`${stdout}${stderr}`).toContain(' ink');
    expect(controlCharacters(`${stdout}${stderr}`)).toEqual([]);
  }
  expect(json.stdout).toContain(JSON.stringify(name));
});
