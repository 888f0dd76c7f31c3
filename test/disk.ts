/** Disks of a test's own: full ones, and ones that are read-only. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** @param options of mount: `size=64k`, `ro` */
export async function disk(options: string): Promise<string> {
  const place = await temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]);
  onTestFinished(() => void execFileSync('umount', ['-l', place]));
  return place;
}

export function makeReadOnly(place: string): void {
  execFileSync('mount', ['-o', 'remount,ro', place]);
}

/** Root in a container may be allowed less. */
function mayMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'whosin-test-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', place]).status === 0;
  if (mounted) execFileSync('umount', ['-l', place]);
  rmSync(place, { recursive: true });
  return mounted;
}

const mountsHere = process.platform === 'linux' && process.getuid?.() === 0 && mayMount();

/** A group of tests that is skipped, and says why, where no disk may be mounted. */
export function describeWithDisks(name: string, body: () => void): void {
  // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback -- handed through from the caller
  describe.skipIf(!mountsHere)(mountsHere ? name : `${name} (skipped: only root may mount one)`, body);
}
