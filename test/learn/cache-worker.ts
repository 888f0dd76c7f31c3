/** A process of its own for the test of several processes on one cache: `<home> put` or `<home> clear`. */

import { createHash } from 'node:crypto';
import { openCache } from '../../src/learn/bottleneck-cache.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';

const [home, role] = process.argv.slice(2);
const cache = openCache(home!, writeFileAtomically);
const space = 'shared/1';

if (role === 'clear') {
  for (let i = 0; i < 20; i++) await cache.clear();
  process.stdout.write('cleared\n');
} else {
  let torn = 0;
  for (let i = 0; i < 200; i++) {
    const sha256 = createHash('sha256')
      .update(`${i % 20}`)
      .digest('hex');
    const bytes = new Uint8Array(20_000).fill(i % 20);
    await cache.put(space, sha256, bytes);
    const back = await cache.get(space, sha256);
    if (back && Buffer.compare(back, bytes) !== 0) torn++;
  }
  process.stdout.write(`${torn} torn\n`);
}
