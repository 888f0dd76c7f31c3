import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { WhosinError } from '../../src/errors.ts';
import { readFrames } from '../../src/video/frames.ts';
import { probeVideo } from '../../src/video/probe.ts';
import { demoPhoto } from '../photo-fixtures.ts';
import { sharedFolder } from '../shared-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { describeWithFfmpeg, make, testPicture, tone } from './clips.ts';

const config = readConfig();

interface Seen {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Times of the first frame and of the last, in seconds. */
  readonly from: number;
  readonly to: number;
  readonly cutOff?: string;
}

/** Reads every frame; a refusal is its code and sentence. */
async function look(path: string): Promise<Seen | string> {
  try {
    const video = await probeVideo(path, config);
    const frames = readFrames(video, config, { every: 1 });
    let from: number | undefined;
    for (;;) {
      const next = await frames.next();
      if (next.done) {
        const { frames: count, time, cutOff } = next.value;
        const size = { width: video.width, height: video.height };
        return {
          ...size,
          frames: count,
          from: from ?? -1,
          to: time,
          ...(cutOff !== undefined && { cutOff }),
        };
      }
      const { image, time } = next.value;
      expect(image.data).toHaveLength(image.width * image.height * 3);
      from ??= time;
    }
  } catch (error) {
    if (!(error instanceof WhosinError)) throw error;
    return `${error.code}: ${error.message.replaceAll(path, 'IT')}`;
  }
}

const whole = { width: 320, height: 240, frames: 20, from: 0, to: expect.closeTo(1.9, 2) };

describeWithFfmpeg('odd and broken files', () => {
  const folder = sharedFolder();
  const at = (name: string): string => join(folder.path, name);

  beforeAll(async () => {
    await make(...testPicture(), ...tone(), '-pix_fmt', 'yuv420p', '-c:a', 'aac', at('plain.mp4'));
  });

  const files: readonly (readonly [string, (path: string) => Promise<void>, unknown, string?])[] = [
    ['a plain clip', (path) => copyFile(at('plain.mp4'), path), whole],
    ['an empty file', (path) => writeFile(path, ''), 'not-a-video: IT is empty (0 bytes).'],
    [
      'a text that is called .mov',
      (path) => writeFile(path, 'no video'),
      'not-a-video: IT is not a video: no known video format.',
      '.mov',
    ],
    [
      'a text',
      (path) => writeFile(path, 'dear diary, '.repeat(99)),
      'not-a-video: IT is not a video: no known video format.',
    ],
    [
      'a photo',
      (path) => copyFile(demoPhoto(3), path),
      'not-a-video: IT is not a video: no known video format.',
    ],
    ['a folder', (path) => mkdir(path), 'not-a-video: IT is not a file.'],
    ['nothing', async () => {}, 'not-found: Cannot read IT: no such file or directory.'],
    [
      'sound alone',
      (path) => make(...tone(), '-c:a', 'aac', path),
      'not-a-video: IT has sound but no pictures.',
    ],
    [
      'sound with a cover',
      (path) =>
        make(
          ...tone(),
          '-i',
          demoPhoto(3),
          '-map',
          '0',
          '-map',
          '1',
          '-c:a',
          'aac',
          '-c:v',
          'mjpeg',
          '-disposition:v',
          'attached_pic',
          path,
        ),
      'not-a-video: IT has sound but no pictures.',
    ],
    [
      'a recording that was never finished: its index is missing',
      async (path) => {
        const bytes = await readFile(at('plain.mp4'));
        await writeFile(path, bytes.subarray(0, bytes.lastIndexOf('moov')));
      },
      'damaged-video: IT is damaged or cut off: the index that is written at the end of a recording is missing (moov atom not found).',
    ],
    [
      'a download that was broken off',
      async (path) => {
        await make('-i', at('plain.mp4'), '-c', 'copy', '-movflags', '+faststart', at('fast.mp4'));
        const bytes = await readFile(at('fast.mp4'));
        await writeFile(path, bytes.subarray(0, bytes.length * 0.4));
      },
      {
        width: 320,
        height: 240,
        frames: expect.toSatisfy((n: number) => n > 2 && n < 15),
        from: 0,
        to: expect.toSatisfy((t: number) => t < 1.5),
        cutOff: expect.stringMatching(/\w/),
      },
    ],
    [
      'a Matroska file that breaks off',
      async (path) => {
        await make(...testPicture('320x240', 4), '-pix_fmt', 'yuv420p', at('long.mkv'));
        const bytes = await readFile(at('long.mkv'));
        await writeFile(path, bytes.subarray(0, bytes.length * 0.4));
      },
      expect.objectContaining({ from: 0, cutOff: expect.stringMatching(/\w/) }),
      '.mkv',
    ],
    [
      'a hole of zeros in the middle: what is whole is read',
      async (path) => {
        const bytes = await readFile(at('plain.mp4'));
        bytes.fill(0, Math.round(bytes.length * 0.3), Math.round(bytes.length * 0.5));
        await writeFile(path, bytes);
      },
      expect.objectContaining({
        width: 320,
        from: expect.closeTo(0, 1),
        frames: expect.toSatisfy((n: number) => n > 5),
      }),
    ],
    [
      'a phone held upright: turned by its metadata',
      async (path) => {
        await make('-display_rotation', '90', '-i', at('plain.mp4'), '-c', 'copy', path).catch(() =>
          make('-i', at('plain.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', path),
        );
      },
      { ...whole, width: 240, height: 320 },
    ],
    [
      'a frame rate that changes: every frame has its own time',
      // Frames 0 to 9 at their time, the later ones at half the speed.
      (path) =>
        make(
          ...testPicture(),
          '-vf',
          "setpts='if(lt(N,10),PTS,PTS+(N-9)*0.1/TB)'",
          '-vsync',
          'vfr',
          '-pix_fmt',
          'yuv420p',
          path,
        ),
      { ...whole, to: expect.closeTo(2.9, 2) },
    ],
    [
      'two pictures in one file: the larger one counts',
      (path) =>
        make(
          ...testPicture('160x120'),
          ...testPicture(),
          '-map',
          '0',
          '-map',
          '1',
          '-pix_fmt',
          'yuv420p',
          path,
        ),
      whole,
    ],
    ['no sound', (path) => make('-i', at('plain.mp4'), '-an', '-c', 'copy', path), whole],
    [
      'one single frame',
      (path) =>
        make(
          '-i',
          demoPhoto(1),
          '-frames:v',
          '1',
          '-vf',
          'scale=320:240,setsar=1',
          '-pix_fmt',
          'yuv420p',
          path,
        ),
      { width: 320, height: 240, frames: 1, from: 0, to: 0 },
    ],
    [
      'pixels that are not square: shown as wide as they are meant',
      (path) => make(...testPicture(), '-vf', 'setsar=2', '-pix_fmt', 'yuv420p', path),
      { ...whole, width: 640 },
    ],
    [
      'odd sides, and colours of another depth',
      (path) =>
        make(
          ...testPicture(),
          '-vf',
          'scale=321:241,setsar=1',
          '-pix_fmt',
          'yuv444p10le',
          '-c:v',
          'ffv1',
          path,
        ),
      { ...whole, width: 321, height: 241 },
      '.mkv',
    ],
    [
      'a raw stream without times',
      (path) => make(...testPicture(), '-pix_fmt', 'yuv420p', '-f', 'h264', path),
      expect.objectContaining({ width: 320, height: 240, frames: 20, from: 0 }),
    ],
    [
      'a broadcast that does not begin at zero: times count from its start',
      (path) =>
        make(...testPicture(), '-pix_fmt', 'yuv420p', '-output_ts_offset', '500', '-f', 'mpegts', path),
      { ...whole, from: expect.closeTo(0, 1), to: expect.closeTo(1.9, 1) },
      '.ts',
    ],
    [
      'a size that changes on the way',
      async (path) => {
        await make(...testPicture(), '-pix_fmt', 'yuv420p', '-f', 'mpegts', at('a.ts'));
        await make(
          ...testPicture('160x120'),
          '-pix_fmt',
          'yuv420p',
          '-output_ts_offset',
          '2',
          '-f',
          'mpegts',
          at('b.ts'),
        );
        await writeFile(path, Buffer.concat([await readFile(at('a.ts')), await readFile(at('b.ts'))]));
      },
      // The last frame before the change may be lost in the decoder.
      expect.objectContaining({ width: 320, frames: expect.toSatisfy((n: number) => n >= 39) }),
      '.ts',
    ],
    [
      'a playlist that points to other files',
      (path) =>
        writeFile(path, `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:2,\n${at('plain.mp4')}\n#EXT-X-ENDLIST\n`),
      'not-a-video: IT is not a video: no known video format.',
    ],
    [
      'a list of files to be joined',
      (path) => writeFile(path, `ffconcat version 1.0\nfile plain.mp4\n`),
      'not-a-video: IT is not a video: no known video format.',
    ],
  ];

  const cases = files.map(([name, write, expected, extension = '.mp4']) => ({
    name,
    write,
    expected,
    extension,
  }));

  test.each(cases)('$name', async ({ write, expected, extension }) => {
    const path = join(await temporaryFolder(), `clip${extension}`);
    await write(path);
    expect(await look(path)).toEqual(expected);
  });

  test.each([
    '-i.mp4',
    'http:example.org.mp4',
    'concat:a|b.mp4',
    '%03d.mp4',
    "it's [1], a;b.mp4",
    'pipe:0.mp4',
  ])('a file called %s is that file', async (name) => {
    const path = join(await temporaryFolder(), name);
    await copyFile(at('plain.mp4'), path);
    expect(await look(path)).toEqual(whole);
  });

  test('where ffmpeg is not there, the error says how to get it', async () => {
    const absent = { ...config, ffmpeg: 'no-such-ffmpeg', ffprobe: 'no-such-ffprobe' };
    const error: unknown = await probeVideo(at('plain.mp4'), absent).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'no-ffmpeg',
      message: expect.stringMatching(/apt-get.*brew.*winget.*WHOSIN_FFMPEG/),
    });
  });
});
