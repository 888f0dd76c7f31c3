/** Loaded before a command (`node --import`): writes the path of each file that it opens to COUNT_OPENS, a line each. */

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { appendFileSync } = fs;
const log = process.env.COUNT_OPENS;

function counted(object, name) {
  const original = object[name];
  object[name] = (path, ...rest) => {
    if (typeof path === 'string') appendFileSync(log, `${path}\n`);
    return original.call(object, path, ...rest);
  };
}

for (const name of ['open', 'openSync', 'readFile', 'readFileSync', 'createReadStream']) counted(fs, name);
for (const name of ['open', 'readFile']) counted(fs.promises, name);
syncBuiltinESMExports();
