/** Clips for tests, made by ffmpeg where it is there. */

import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe } from 'vitest';
import { readConfig } from '../../src/config.ts';

const { ffmpeg = 'ffmpeg', ffprobe = 'ffprobe' } = readConfig();

const present = [ffmpeg, ffprobe].every((program) => spawnSync(program, ['-version']).status === 0);

/** A group of tests that is skipped, and says why, where ffmpeg is absent. */
export function describeWithFfmpeg(name: string, body: () => void): void {
  // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback -- handed through from the caller
  describe.skipIf(!present)(present ? name : `${name} (skipped: ffmpeg is not installed)`, body);
}

/** Runs ffmpeg; what it complains about is what the test fails with. */
export async function make(...args: readonly string[]): Promise<void> {
  await promisify(execFile)(ffmpeg, ['-nostdin', '-loglevel', 'error', '-y', ...args]);
}

/** Input arguments: a colourful moving picture. */
export function testPicture(size = '320x240', seconds = 2, rate = 10): string[] {
  return ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`];
}

/** Input arguments: a tone. */
export function tone(seconds = 2): string[] {
  return ['-f', 'lavfi', '-i', `sine=duration=${seconds}`];
}
