/** ExifTool, the field's standard, as a judge of what whosin writes. */

import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';

export const hasExifTool = spawnSync('exiftool', ['-ver']).status === 0;

/** A group of tests that is skipped, and says why, where ExifTool is not installed. */
export function describeWithExifTool(name: string, body: () => void): void {
  // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback -- handed through from the caller
  describe.skipIf(!hasExifTool)(hasExifTool ? name : `${name} (skipped: exiftool is not installed)`, body);
}

/** The XMP of all files of a folder as ExifTool reads it, by their names. */
export function xmpByExifTool(folder: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const { stdout } = spawnSync(
    'exiftool',
    ['-config', '', '-struct', '-j', '-a', '-G1', '-XMP:all', folder],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      // A name and a note beside it want one place in the structures that it builds (12.57). The first one in the order of
      // Perl's keys gets it, and Perl draws that order by chance at each start.
      env: { ...process.env, PERL_HASH_SEED: '0', PERL_PERTURB_KEYS: '0' },
    },
  );
  const files = JSON.parse(stdout) as Record<string, unknown>[];
  return Object.fromEntries(
    files.map(({ SourceFile, ...tags }) => [String(SourceFile).slice(folder.length + 1), tags]),
  );
}
