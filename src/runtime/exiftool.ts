/**
 * The system's ExifTool, which puts XMP into photos of every format. A process for each photo takes a fifth of a second;
 * one that stayed open for all of them would outlive a whosin that is killed.
 */

import { execFile } from 'node:child_process';
import { reasonOf, WhosinError } from '../errors.ts';

/** Throws an Error with what ExifTool reports. */
export type ExifTool = (args: readonly string[]) => Promise<void>;

/** Throws `no-exiftool` if the program is not there. */
export async function openExifTool(command = 'exiftool'): Promise<ExifTool> {
  // Settings of the person's own could change what is written.
  const run = (args: readonly string[]): Promise<string> => started(command, ['-config', '', ...args]);
  await run(['-ver']).catch((error: unknown) => {
    throw new WhosinError('no-exiftool', missing(command, error), { cause: error });
  });
  return async (args) => {
    const [error] = (await run(args)).trim().split('\n');
    if (error) throw new Error(`ExifTool: ${error.replace(/^Error: /, '')}`);
  };
}

/** @returns what is on its standard error. Throws if it cannot be started, or ends otherwise than by itself */
function started(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { windowsHide: true }, (error, _, stderr) => {
      // Its status is 1 where it has reported an error.
      if (error && typeof error.code !== 'number') reject(error);
      else resolve(stderr);
    });
  });
}

function missing(command: string, error: unknown): string {
  return (
    `Names are put into photos by ExifTool, and ${command} cannot be started (${reasonOf(error)}). Without --into-photos ` +
    'they are written beside the photos, and it is not needed. Install it: ' +
    'Debian, Ubuntu: sudo apt-get install libimage-exiftool-perl · macOS: brew install exiftool · ' +
    'Windows: winget install OliverBetz.ExifTool · or name it in WHOSIN_EXIFTOOL.'
  );
}
