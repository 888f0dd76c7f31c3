/** Everything that can be imported is a promise: test/api-surface/ holds it, and changes there are looked at. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { declarationsOf } from './api-surface.ts';
import { build, repository } from './cli/whosin.ts';

const { exports } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
};
const entries = Object.entries(exports).flatMap(([name, paths]) =>
  typeof paths === 'string' ? [] : [[name === '.' ? 'whosin' : name.replace('./', ''), paths.types] as const],
);

beforeAll(build);

describe.each(entries)('%s', (name, types) => {
  // If it was changed on purpose: npx vitest run test/api-surface.slow.test.ts -u
  test('exports what test/api-surface/ says', async () => {
    const text = declarationsOf(join(repository, types)).map((declaration) => declaration.text);
    await expect(`${text.join('\n\n')}\n`).toMatchFileSnapshot(`api-surface/${name}.d.ts.txt`);
  });
});

test.each(['index.d.ts', 'album/index.d.ts'])(
  '%s: every type that an export mentions can be imported beside it, or from the main entry',
  (entry) => {
    const [main, declarations] = ['index.d.ts', entry].map((file) =>
      declarationsOf(join(repository, 'dist', file)),
    );
    const names = new Set([...main!, ...declarations!].map(({ name }) => name));
    const missing = declarations!.flatMap(({ name, mentions }) =>
      mentions
        .filter((mention) => !names.has(mention))
        .map((mention) => `${mention}, which ${name} mentions`),
    );
    expect(missing).toEqual([]);
  },
);
