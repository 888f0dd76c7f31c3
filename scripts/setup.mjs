// A fresh clone has no node_modules. `npm run demo`, `npm test` and `npm run build` start here, so that
// each works as the first command a person types. Plain JavaScript: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
const stamp = 'node_modules/.whosin-lock';
const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
if (installed !== lock) {
  process.stderr.write('Installing dependencies (once) ...\n');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    process.stderr.write('npm ci failed: see the lines above.\n');
    process.exit(npm.status ?? 1);
  }
  writeFileSync(stamp, lock);
}
