/** The things that whosin stores on this machine, and where; the cache can be cleared. */

import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { type StoredJson, storedSchema } from '../../report/schema/model-schema.ts';
import type { App, Served } from '../served.ts';

const tags = ['server'];

const settingsSchema = z
  .object({
    schema: z.literal(1),
    version: z.string(),
    memory: z
      .number()
      .nullable()
      .describe('Bytes that the networks and photos may use; null: without a limit'),
    threads: z.number().int(),
    roots: z.array(z.string()).describe('Folders that the page may read'),
    stored: z.array(storedSchema),
  })
  .meta({ id: 'Settings' });

export function settingsRoutes(app: App, { album, quick, trained, config, roots, version }: Served): void {
  const { home, packs, albums, memory = null, threads } = config;

  app.get(
    '/me',
    {
      schema: {
        tags,
        summary: 'Who you are, and what you may do',
        response: {
          200: z
            .object({
              schema: z.literal(1),
              name: z.string().describe('Empty: whoever has the token of the server'),
              role: z.enum(['look', 'answer', 'own']),
            })
            .meta({ id: 'Me' }),
        },
      },
    },
    async ({ visitor: { name, role } }) => ({ schema: 1 as const, name, role }),
  );

  app.get(
    '/settings',
    {
      schema: {
        tags,
        summary: 'The limits of this server, and what is stored where',
        response: { 200: settingsSchema },
      },
    },
    async () => {
      const { photos, networks, folders } = await quick.run('stored', { folders: [packs, trained.folder] });
      const [ofPacks, ofTrained] = folders;
      const token = await oneFile(join(albums, 'server-token'));
      const stored: StoredJson[] = [
        await albumFiles(album.place),
        { what: 'photos', path: home, ...photos },
        { what: 'networks', path: home, ...networks },
        { what: 'models', path: packs, ...ofPacks! },
        { what: 'trained', path: trained.folder, ...ofTrained! },
        ...(token ? [token] : []),
      ];
      return { schema: 1 as const, version, memory, threads, roots: [...roots], stored };
    },
  );

  app.delete(
    '/cache/:what',
    {
      schema: {
        tags,
        summary: 'Clear the cache of photos, or of compiled networks: it is made anew when it is needed',
        params: z.object({ what: z.enum(['photos', 'networks']) }),
        response: {
          200: z.object({ schema: z.literal(1), files: z.number().int(), bytes: z.number().int() }),
        },
      },
    },
    async ({ params: { what } }) => ({ schema: 1 as const, ...(await quick.run('clearCache', what)) }),
  );
}

async function oneFile(path: string): Promise<StoredJson | undefined> {
  const info = await stat(path).catch(() => undefined);
  return info?.isFile() ? { what: 'token', path, files: 1, bytes: info.size } : undefined;
}

/** With those that SQLite writes beside it. */
async function albumFiles(place: string): Promise<StoredJson> {
  const names = (await readdir(dirname(place)).catch((): string[] => [])).filter((name) =>
    name.startsWith(basename(place)),
  );
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(dirname(place), name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return { what: 'album', path: place, files: sizes.length, bytes: sizes.reduce((a, b) => a + b, 0) };
}
