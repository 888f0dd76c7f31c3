/** Writes sidecars without end, until it is killed. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { putNames } from '../../src/photos/regions/put-names.ts';
import { blankXmp } from '../../src/photos/regions/xmp.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';

const folder = process.argv[2]!;
const options = { picture: { width: 4000, height: 3000, orientation: 1 }, mayChange: () => true };

for (let n = 0; ; n++) {
  const file = join(folder, `${n % 20}.jpg.xmp`);
  const before = await readFile(file).catch(() => blankXmp());
  const box = { left: 0.19 * (n % 5), top: 0.19 * (Math.floor(n / 100) % 5), width: 0.12, height: 0.14 };
  const { bytes } = putNames(before, [{ name: `Person ${n}`, box }], options);
  await writeFileAtomically(file, bytes);
  if (n === 20) process.stdout.write('writing\n');
}
