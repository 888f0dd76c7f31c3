import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { disc, trainOn, writeDiscs } from '../coloured-things.ts';
import { sharedFolder } from '../shared-folder.ts';
import { describeWithFfmpeg, make, tone } from '../video/clips.ts';
import { setUpCalls } from './call-whosin.ts';

const whosin = setUpCalls();
const files = sharedFolder();
const at = (name: string): string => join(files.path, name);

interface Line {
  readonly file: string;
  readonly frame?: number;
  readonly labels: readonly { readonly label: string; readonly from: number; readonly to: number }[];
  readonly error?: { readonly code: string };
}

describeWithFfmpeg('classify of videos', () => {
  beforeAll(async () => {
    await writeDiscs(at('discs'), { red: 'red', 'lime green': 'limegreen' }, 20);
    await trainOn(at('discs'), at('discs.onnx'), files.path);
    const still = async (colour: string): Promise<string[]> => {
      await writeFile(at(`${colour}.png`), await disc(colour, 120, 80, 99).toBuffer());
      return ['-loop', '1', '-framerate', '10', '-t', '3', '-i', at(`${colour}.png`)];
    };
    const joined = ['-filter_complex', '[0][1]concat', '-pix_fmt', 'yuv420p', at('clip.mp4')];
    await make(...(await still('red')), ...(await still('limegreen')), ...joined);
  });

  test('says from when to when each label is seen', async () => {
    const { status, stdout } = await whosin(['classify', at('clip.mp4'), '-m', at('discs.onnx')]);
    expect(status).toBe(0);
    expect(stdout).toContain('clip.mp4: 00:06: red, lime green');
    expect(stdout).toMatch(/red +00:00-00:0[234]/);
    expect(stdout).toMatch(/lime green +00:0[34]-00:0[56]/);
  });

  test('frame by frame and as JSON, photos among them, and a broken clip stops nothing', async () => {
    await make(...tone(), at('sound.mp4'));
    const given = [at('red.png'), at('sound.mp4'), at('clip.mp4'), '--frames', '--every', '10'];
    const { status, stdout, stderr } = await whosin(['classify', ...given, '-m', at('discs.onnx'), '--json']);
    expect([status, stderr]).toEqual([1, expect.stringContaining('sound.mp4')]);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    expect(lines.map(({ file, frame }) => [file.split(/[\\/]/).at(-1), frame])).toEqual([
      ['red.png', undefined],
      ['sound.mp4', undefined],
      ...[0, 10, 20, 30, 40, 50].map((frame) => ['clip.mp4', frame]),
      ['clip.mp4', undefined],
    ]);
    expect(lines[1]!.error!.code).toBe('not-a-video');
    expect(lines.at(-1)!.labels.map(({ label }) => label)).toEqual(['red', 'lime green']);
  });

  test('the model that comes along finds things over time', async () => {
    const { status, stdout } = await whosin(['classify', at('clip.mp4'), '--start', '1', '--end', '2']);
    expect([status, stdout]).toEqual([0, expect.stringContaining('clip.mp4: 00:0')]);
  });
});
