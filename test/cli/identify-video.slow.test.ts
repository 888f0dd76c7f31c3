import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { probeVideo } from '../../src/video/probe.ts';
import { demoPhoto } from '../photo-fixtures.ts';
import { sharedFolder } from '../shared-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { describeWithFfmpeg, make, testPicture, tone } from '../video/clips.ts';
import { environmentWith, mainFile, setUpModel, setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();
const model = setUpModel(whosin, { Mona: ['mona', 1], 'José & <Nell>': ['nell', 1] });

interface VideoLine {
  readonly file: string;
  readonly read: {
    readonly from: number;
    readonly to: number;
    readonly frames: number;
    readonly looked: number;
  };
  readonly cuts: readonly number[];
  readonly people: readonly {
    readonly person: string | null;
    readonly group: number | null;
    readonly spans: readonly { from: number; to: number }[];
  }[];
  readonly tracks: readonly { readonly person: string | null; readonly boxes: readonly object[] }[];
  readonly error?: { readonly code: string; readonly message: string };
}

function lines(stdout: string): (VideoLine & {
  readonly frame?: number;
  readonly faces?: readonly { person: string | null; track: number }[];
})[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as never);
}

describeWithFfmpeg('whosin identify with videos', () => {
  const folder = sharedFolder();
  const clip = (): string => join(folder.path, 'party.mp4');

  beforeAll(async () => {
    // A photo with three people that slowly moves by, then nobody: eight frames and six.
    const pan =
      "[0]scale=1100:-2,crop=960:540:x='60*t':y=60,fps=10,setsar=1[people];[1]fps=10,setsar=1[nobody];[people][nobody]concat=n=2[v]";
    const input = [
      '-loop',
      '1',
      '-t',
      '0.8',
      '-i',
      demoPhoto(3),
      ...testPicture('960x540', 0.6),
      ...tone(1.4),
    ];
    await make(
      ...input,
      '-filter_complex',
      pan,
      '-map',
      '[v]',
      '-map',
      '2',
      '-pix_fmt',
      'yuv420p',
      '-c:a',
      'aac',
      clip(),
    );
  });

  test('says who is in a video, from when to when', async () => {
    const { status, stdout, stderr } = await whosin(['identify', clip(), '-m', model.path]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/party\.mp4: 00:01: .*Mona/);
    expect(stdout).toMatch(/^ {2}Mona +00:00-00:01 +\(>?0\.\d\d, best at 00:0[01]\)$/m);
    expect(stdout).toMatch(/^ {2}José & <Nell> +00:00-00:01 /m);
    expect(stdout).toMatch(/^ {2}unknown 1 +00:00-00:01 /m);
    expect(stderr).toMatch(/^Identifying party\.mp4: 00:01 in \d\d:\d\d, [\d.]+× real time\n$/);
  });

  test('--json: one object a video, and with --frames one a frame before it', async () => {
    const { status, stdout } = await whosin([
      'identify',
      clip(),
      '-m',
      model.path,
      '--json',
      '--frames',
      '--every',
      '4',
    ]);
    expect(status).toBe(0);
    const all = lines(stdout);
    const video = all.at(-1)!;
    expect(video).toMatchObject({
      schema: 1,
      file: clip(),
      width: 960,
      height: 540,
      frameRate: 10,
      read: { from: 0, frames: 14, looked: 4 },
    });
    expect(video.cuts).toHaveLength(1);
    expect(video.people.map(({ person, group }) => person ?? group)).toEqual(
      expect.arrayContaining([1, 'José & <Nell>', 'Mona']),
    );
    for (const { spans } of video.people) expect(spans[0]!.to).toBeLessThan(0.8);
    const frames = all.slice(0, -1);
    expect(frames.map(({ frame }) => frame)).toEqual([0, 4, 8, 12]);
    expect(
      frames[1]!.faces!.map(({ person }) => person ?? '?').toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(['?', 'José & <Nell>', 'Mona']);
    expect(frames[3]!.faces).toEqual([]);
    for (const { track, person } of frames[1]!.faces!) expect(video.tracks[track]!.person).toBe(person);
  });

  test('in a clip that is nearly black people are named as in the light', async () => {
    const dark = join(folder.path, 'dark.mp4');
    const dim = ['r', 'g', 'b'].map((channel) => `${channel}=val*0.08`).join(':');
    await make('-i', clip(), '-vf', `lutrgb=${dim},format=yuv420p`, '-crf', '10', dark);
    const { stdout } = await whosin(['identify', dark, '-m', model.path, '--json']);
    const [{ people }] = lines(stdout) as [VideoLine];
    expect(people.map(({ person }) => person)).toEqual(expect.arrayContaining(['José & <Nell>', 'Mona']));
  });

  test('--start and --end read a part, and times stay those of the clip', async () => {
    const args = ['identify', clip(), '-m', model.path, '--json', '--start', '0:00.2', '--end', '0.6'];
    const { stdout } = await whosin(args);
    const [{ read, people }] = lines(stdout) as [VideoLine];
    expect([read.from, read.frames]).toEqual([0.2, 4]);
    expect(people[0]!.spans[0]!.from).toBeGreaterThanOrEqual(0.2);
    expect(people[0]!.spans[0]!.to).toBeLessThanOrEqual(0.6);
  });

  test('--draw writes the same clip with boxes and its sound, --report a page that plays it', async () => {
    const cwd = await temporaryFolder();
    await copyFile(clip(), join(cwd, 'my clip.mp4'));
    const args = [
      'identify',
      'my clip.mp4',
      '-m',
      model.path,
      '--draw',
      'out.mp4',
      '--report',
      'deep/page.html',
    ];
    expect((await whosin(args, { cwd })).status).toBe(0);
    const drawn = await probeVideo(join(cwd, 'out.mp4'), readConfig());
    expect(drawn).toMatchObject({
      width: 960,
      height: 540,
      frameRate: 10,
      sound: 'aac',
      duration: expect.closeTo(1.4, 0),
    });
    await make(
      '-i',
      join(cwd, 'out.mp4'),
      '-frames:v',
      '1',
      '-pix_fmt',
      'rgb24',
      '-f',
      'rawvideo',
      join(cwd, 'frame.rgb'),
    );
    const pixels = await readFile(join(cwd, 'frame.rgb'));
    let [green, orange] = [0, 0];
    for (let i = 0; i < pixels.length; i += 3) {
      const [r, g, b] = pixels.subarray(i, i + 3) as unknown as [number, number, number];
      if (Math.abs(r - 53) + Math.abs(g - 208) + Math.abs(b - 127) < 60) green++;
      if (Math.abs(r - 255) + Math.abs(g - 176) + Math.abs(b - 32) < 60) orange++;
    }
    expect(Math.min(green, orange)).toBeGreaterThan(500);
    const page = await readFile(join(cwd, 'deep', 'page.html'), 'utf8');
    expect(page).toContain('src="../my%20clip.mp4#t=');
    expect(page).toContain('José &amp; &lt;Nell&gt;');
    expect(page.match(/class="lane /g)).toHaveLength(3);
    expect((await readdir(cwd)).toSorted()).toEqual(['deep', 'frame.rgb', 'my clip.mp4', 'out.mp4']);

    // Again is fine, over a clip of the person's own is not.
    expect((await whosin(args, { cwd })).status).toBe(0);
    const before = await readFile(clip());
    const refused = await whosin(['identify', 'out.mp4', '-m', model.path, '--draw', 'my clip.mp4'], { cwd });
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('was not drawn by whosin')]);
    expect(await readFile(join(cwd, 'my clip.mp4'))).toEqual(before);
  });

  test('what breaks off is reported with what was read, and the rest goes on', async () => {
    const cwd = await temporaryFolder();
    await make('-i', clip(), '-c', 'copy', '-movflags', '+faststart', join(cwd, 'fast.mp4'));
    const bytes = await readFile(join(cwd, 'fast.mp4'));
    await writeFile(join(cwd, 'broken.mp4'), bytes.subarray(0, Math.round(bytes.length * 0.5)));
    await writeFile(join(cwd, 'text.mov'), 'no video');
    const args = [
      'identify',
      'broken.mp4',
      'text.mov',
      demoPhoto(3),
      'fast.mp4',
      '-m',
      model.path,
      '--json',
      '--every',
      '4',
    ];
    const { status, stdout, stderr } = await whosin(args, { cwd });
    expect(status).toBe(1);
    const [photo, broken, text, fast] = lines(stdout);
    expect(photo).toMatchObject({ file: demoPhoto(3), faces: [{}, {}, {}] });
    expect(broken!.people.map(({ person }) => person)).toContain('Mona');
    expect(broken!.error).toMatchObject({
      code: 'damaged-video',
      message: expect.stringContaining('cut off after'),
    });
    expect(text).toMatchObject({ people: [], error: { code: 'not-a-video' } });
    expect(fast!.error).toBeUndefined();
    expect(stderr).toContain('error: text.mov is not a video');
  });

  test('folders are searched for videos only where that is asked for', async () => {
    const cwd = await temporaryFolder();
    await mkdir(join(cwd, 'album'));
    await copyFile(clip(), join(cwd, 'album', 'a.MP4'));
    await copyFile(demoPhoto(3), join(cwd, 'album', 'b.jpg'));
    await copyFile(clip(), join(cwd, 'album', 'c.webm'));
    await writeFile(join(cwd, 'album', 'program.ts'), 'export {};');
    const plain = await whosin(['identify', 'album', '-m', model.path, '--json'], { cwd });
    expect(lines(plain.stdout).map(({ file }) => file)).toEqual([join('album', 'b.jpg')]);
    // They were passed over without a word.
    expect(plain.stderr).toContain('2 videos in folders passed over: --videos looks at them too.\n');
    await rm(join(cwd, 'album', 'c.webm'));
    await rm(join(cwd, 'album', 'program.ts'));
    const args = ['identify', 'album', '-m', model.path, '--json', '--every', '20'];
    const both = await whosin([...args, '--videos'], { cwd });
    expect(lines(both.stdout).map(({ file }) => file)).toEqual([
      join('album', 'b.jpg'),
      join('album', 'a.MP4'),
    ]);
    expect(both.stderr).not.toContain('passed over');
    const drawn = await whosin([...args, '--videos', '--draw', 'album'], { cwd });
    expect(drawn.status).toBe(0);
    expect((await readdir(join(cwd, 'album'))).toSorted()).toEqual([
      'a-whosin.mp4',
      'a.MP4',
      'b-whosin.jpg',
      'b.jpg',
    ]);
    const again = await whosin([...args, '--videos', '--draw', 'album'], { cwd });
    expect(lines(again.stdout).map(({ file }) => file)).toEqual([
      join('album', 'b.jpg'),
      join('album', 'a.MP4'),
    ]);
  });

  // Each was said to be no photo.
  test('a clip is known by what it holds where its name does not tell', async () => {
    const cwd = await temporaryFolder();
    await copyFile(clip(), join(cwd, 'clip'));
    await copyFile(clip(), join(cwd, 'sent.jpg'));
    await make('-i', clip(), '-t', '0.4', '-f', 'mpegts', join(cwd, 'stream.recording'));
    await make(...tone(1), '-f', 'wav', join(cwd, 'sound'));
    await writeFile(join(cwd, 'cut'), (await readFile(clip())).subarray(0, 3000));
    const files = ['clip', 'sent.jpg', 'stream.recording', 'sound', 'cut'];
    const run = await whosin(['identify', ...files, '-m', model.path, '--json', '--every', '4'], { cwd });
    const found = lines(run.stdout).map(({ file, error, people }) => [
      file,
      error?.code ?? people.length > 0,
    ]);
    expect(found).toEqual([
      ['sound', 'not-a-photo'],
      ['clip', true],
      ['sent.jpg', true],
      ['stream.recording', true],
      ['cut', 'damaged-video'],
    ]);
  });

  test('Ctrl-C while drawing leaves no half-written clip and ends with status 130', async () => {
    const cwd = await temporaryFolder();
    await make('-stream_loop', '80', '-i', clip(), '-c', 'copy', join(cwd, 'long.mp4'));
    const args = [mainFile, 'identify', 'long.mp4', '-m', model.path, '--every', '200', '--draw', 'out.mp4'];
    const child = spawn(process.execPath, args, { cwd, env: environmentWith(join(folder.path, 'home')) });
    const ended = once(child, 'close');
    while (!(await readdir(cwd)).some((name) => name.endsWith('.tmp.mp4'))) {
      expect(child.exitCode).toBeNull();
      await wait(20);
    }
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
    expect(await readdir(cwd)).toEqual(['long.mp4']);
  });

  test('wrong use: status 2 and a sentence', async () => {
    for (const wrong of [
      ['--every', '0'],
      ['--start', 'soon'],
      ['--start', '5', '--end', '4'],
      ['--draw', 'a.mp4', clip()],
    ]) {
      const { status, stdout, stderr } = await whosin([
        'identify',
        join(folder.path, 'x.mp4'),
        '-m',
        model.path,
        ...wrong,
      ]);
      expect([wrong, status, stdout, stderr]).toEqual([wrong, 2, '', expect.stringMatching(/^error: \S/)]);
    }
  });
});

// They were ignored without a word.
test.each(['every', 'start', 'end', 'frames', 'report'])(
  '--%s with photos alone is refused',
  async (name) => {
    const value = { frames: [], report: ['page.html'] }[name] ?? ['3'];
    const args = ['identify', demoPhoto(3), '-m', model.path, `--${name}`, ...value];
    const { status, stderr } = await whosin(args);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(`^error: --${name} is for videos, and none was given`),
    ]);
  },
);

test('without ffmpeg a video is refused with how to get it, and photos are named as ever', async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'a.mp4'), 'anything');
  const environment = { WHOSIN_FFMPEG: join(cwd, 'none'), WHOSIN_FFPROBE: join(cwd, 'none') };
  const { status, stdout, stderr } = await whosin(['identify', demoPhoto(3), 'a.mp4', '-m', model.path], {
    cwd,
    environment,
  });
  expect([status, stdout, stderr]).toEqual([
    1,
    expect.stringContaining('Mona'),
    expect.stringMatching(/apt-get install ffmpeg/),
  ]);
  await writeFile(join(cwd, 'text'), 'anything');
  const named = await whosin(['identify', 'text', '-m', model.path], { cwd, environment });
  expect(named.stderr).toContain('error: text is not a photo');
});
