/**
 * `npm run client`: the types of src/client from the OpenAPI document that the server makes. The generator needs an
 * older TypeScript than the project has, so that it is fetched for the run alone.
 */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAlbum } from '../src/album/open-album.ts';
import { readConfig } from '../src/config.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';
import { ownPackage } from '../src/runtime/own-files.ts';
import { serve } from '../src/server/serve.ts';

export const typesFile = 'src/client/openapi-types.ts';

/** The document of a server with an empty album. */
export async function openApiDocument(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'whosin-client-'));
  const album = await openAlbum(join(folder, 'album.db'));
  const token = 'token-of-the-generator';
  const server = await serve(album, {
    config: readConfig({ WHOSIN_HOME: folder }),
    version: ownPackage().version,
    write: writeFileAtomically,
    token,
  });
  try {
    const headers = { authorization: `Bearer ${token}` };
    return await (await fetch(`${server.address}/openapi.json`, { headers })).text();
  } finally {
    await server.close();
    await album.close();
    await rm(folder, { recursive: true });
  }
}

/** The first line of the file: it names the document that the types were made of. */
export function firstLine(document: string): string {
  const hash = createHash('sha256').update(document).digest('hex');
  return `// Made by \`npm run client\`; the OpenAPI document had the sha256 ${hash}.`;
}

async function writeTypes(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'whosin-types-'));
  const [from, to] = [join(folder, 'openapi.json'), join(folder, 'types.ts')];
  const document = await openApiDocument();
  await writeFile(from, document);
  const packages = ['openapi-typescript@7.13.0', 'typescript@5.9.3'].flatMap((name) => ['--package', name]);
  execFileSync(
    'npm',
    ['exec', '--yes', ...packages, '--', 'openapi-typescript', from, '-o', to, '--alphabetize'],
    {
      stdio: 'inherit',
    },
  );
  await writeFile(typesFile, `${firstLine(document)}\n\n${await readFile(to, 'utf8')}`);
  await rm(folder, { recursive: true });
}

if (process.argv[1] === import.meta.filename) await writeTypes();
