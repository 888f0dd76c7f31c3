import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

/**
 * ONNX Runtime 1.30 kept a device id and a queue of events below the home folder, sent the events to its maker,
 * and put the names in an opened model among them. It stays quiet on CI machines, so CI is not set here.
 */
test('opening a network leaves no trace of usage reports in an empty home', async () => {
  const home = await temporaryFolder();
  const { CI: _ci, XDG_CACHE_HOME: _cache, ORT_DISABLE_TELEMETRY: _off, ...environment } = process.env;
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('open-in-child.ts', import.meta.url))],
    {
      env: { ...environment, HOME: home, WHOSIN_HOME: `${home}/whosin` },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  child.stdout.resume();
  child.stdin.write('go\n');
  expect(await once(child, 'exit')).toEqual([0, null]);
  const left = await readdir(home, { recursive: true });
  expect(left.filter((path) => !path.startsWith('whosin'))).toEqual([]);
});
