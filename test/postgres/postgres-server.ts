/** A PostgreSQL of one's own: the installed program, in a folder of its own, reached by a socket in that folder. */

import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { TestDatabase } from './pglite-server.ts';

const run = promisify(execFile);

export interface PostgresServer extends TestDatabase {
  /** Fast: who is connected loses the connection. */
  restart(): Promise<void>;
  /** Its first process, whose children answer. */
  pid(): number;
  readonly socket: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** The folder of its programs; Debian keeps them away from the path. */
export const postgresPrograms = [
  ...(process.env['PATH'] ?? '').split(delimiter),
  ...versionsOf('/usr/lib/postgresql').map((version) => `/usr/lib/postgresql/${version}/bin`),
].find((folder) => ['initdb', 'pg_ctl', 'pg_dump'].every((program) => existsSync(join(folder, program))));

function versionsOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).toSorted((a, b) => Number(b) - Number(a)) : [];
}

/** @param settings of the server, besides its own */
export async function openPostgres(settings: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'whosin-pg-'));
  // It refuses to run as root.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    const { stdout } = await run('id', ['-u', 'postgres']);
    await chown(folder, Number(stdout), -1);
  }
  const program = async (name: string, ...args: readonly string[]): Promise<void> => {
    const path = join(postgresPrograms!, name);
    const [file, ...rest] = isRoot ? ['runuser', '-u', 'postgres', '--', path, ...args] : [path, ...args];
    await run(file, rest, { cwd: folder });
  };
  const data = join(folder, 'data');
  await program('initdb', '-D', data, '-U', 'whosin', '-A', 'trust', '--no-sync', '-E', 'UTF8');
  const control = (verb: string, ...more: readonly string[]): Promise<void> =>
    program('pg_ctl', verb, '-D', data, '-w', '-m', 'fast', '-l', join(folder, 'log'), ...more);
  // No port: nobody else can come in, and two tests side by side do not meet.
  const more = Object.entries(settings).map(([name, value]) => ` -c ${name}=${value}`);
  const own = ['-o', `-c listen_addresses='' -k ${folder}${more.join('')}`];
  await control('start', ...own);
  return {
    address: `postgres://whosin@localhost/postgres?host=${encodeURIComponent(folder)}`,
    restart: () => control('restart', ...own),
    pid: () => Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]),
    socket: join(folder, '.s.PGSQL.5432'),
    stop: () => control('stop'),
    start: () => control('start', ...own),
    async close() {
      await control('stop').catch(() => {});
      await rm(folder, { recursive: true, force: true });
    },
  };
}
