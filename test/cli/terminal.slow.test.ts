/** What a person sees on a terminal: `script` (util-linux) lends one. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { portrait, writePhoto, writePortraits } from '../demo-people.ts';
import { encode, fourColours } from '../photo-fixtures.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { environmentWith, mainFile, setUpModel, setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();
const model = setUpModel(whosin, { mona: ['mona', 1], nell: ['nell', 1] });

async function onTerminal(args: readonly string[], cwd: string, home: string): Promise<string> {
  const words = [process.execPath, mainFile, ...args].map((word) => `'${word}'`).join(' ');
  const { TERM: _, CI: __, ...environment } = environmentWith(home);
  const { stdout } = await promisify(execFile)('script', ['-qc', words, '/dev/null'], {
    cwd,
    env: { ...environment, TERM: 'xterm-256color' },
  });
  return stdout;
}

const escape = '\u001b';

/** The lines that are left on the screen: carriage returns, cursor columns and erasing applied, colours dropped. */
function screenOf(output: string): string[] {
  const pattern = new RegExp(`(${escape}\\[?([?\\d;]*)([A-Za-z78]))|[^${escape}]`, 'g');
  return output.split('\n').map((line) => {
    let cells: string[] = [];
    let column = 0;
    for (const [part, code, argument, command] of line.matchAll(pattern)) {
      if (code === undefined && part === '\r') column = 0;
      else if (code === undefined) cells[column++] = part;
      else if (command === 'G') column = Number(argument || 1) - 1;
      else if (command === 'K' && argument === '2') cells = [];
      else if (command === 'K') cells = cells.slice(0, column);
    }
    return Array.from(cells, (cell) => cell ?? ' ').join('');
  });
}

/** Everything below a space but the end of a line, and delete. */
function controlCharacters(text: string): string[] {
  return text.split('').filter((c) => (c < ' ' && c !== '\n') || c === '\u007f');
}

describe.skipIf(!existsSync('/usr/bin/script'))(
  'on a terminal (skipped where there is no /usr/bin/script)',
  () => {
    test('the progress bar and the results do not get into each other’s lines', async () => {
      const cwd = await temporaryFolder();
      for (let i = 1; i <= 8; i++) {
        const photo = portrait(i % 2 === 0 ? 'mona' : 'nell').resize(400 - i);
        await writePhoto(join(cwd, 'album', `${i}.jpg`), photo);
      }
      await writeFile(join(cwd, 'album', '5b.jpg'), 'no photo');
      const output = await onTerminal(['identify', 'album', '-m', model.path], cwd, join(cwd, 'home'));
      expect(output).toContain('Identifying');
      const screen = screenOf(output).filter((line) => line !== '');
      const summaries = screen.filter((line) => line.includes('1 face:'));
      expect(summaries).toEqual(
        Array.from({ length: 8 }, (_, i) => `album/${i + 1}.jpg: 1 face: ${i % 2 === 0 ? 'nell' : 'mona'}`),
      );
      expect(screen.filter((line) => line.includes('error:'))).toEqual([
        expect.stringMatching(/^error: album\/5b\.jpg/),
      ]);
      expect(screen.filter((line) => line.includes('Identifying'))).toEqual([]);
    });

    test('training tells its story without remains of the bar', async () => {
      const cwd = await temporaryFolder();
      await writePortraits(join(cwd, 'photos'), { mona: ['mona', 2], nell: ['nell', 2] });
      const output = await onTerminal(['train', 'photos', '-o', 'people.onnx'], cwd, join(cwd, 'home'));
      const screen = screenOf(output);
      expect(screen[0]).toBe('photos: 4 photos of 2 people');
      expect(screen.filter((line) => line.includes('Reading photos'))).toEqual([]);
      expect(screen).toContain('4 faces in 4 photos (4 computed, 0 cached), 0 photos with several faces');
    });

    test('there are colours, and the cursor is shown again at the end', async () => {
      const cwd = await temporaryFolder();
      await writePhoto(join(cwd, 'mona.jpg'), portrait('mona'));
      const output = await onTerminal(['identify', 'mona.jpg', '-m', model.path], cwd, join(cwd, 'home'));
      expect(output).toContain('\u001b[32m');
      expect(output.lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(output.lastIndexOf('\u001b[?25l'));
    });
  },
);

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
