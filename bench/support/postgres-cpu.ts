/** The processor time of a PostgreSQL on this machine: of its first process, of those that it started, and of those that ended. */

import { readdir, readFile } from 'node:fs/promises';
import { Client } from 'pg';

/** Linux counts in hundredths of a second. */
const tick = 10;

/** @returns asks for the milliseconds since the database was started */
export async function postgresCpu(address: string): Promise<() => Promise<number>> {
  const client = new Client({ connectionString: address });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const { parent } = await usageOf(rows[0]!.pid);
  await client.end();
  return async () => {
    const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    const all = await Promise.all(ids.map((id) => usageOf(id).catch(() => undefined)));
    const own = await usageOf(parent);
    const started = all.flatMap((one) => (one?.parent === parent ? one.ticks : []));
    return tick * (own.ticks + own.ofEnded + started.reduce((a, b) => a + b, 0));
  };
}

async function usageOf(pid: number) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name in parentheses, which may hold anything.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return {
    parent: fields[1]!,
    ticks: fields[11]! + fields[12]!,
    ofEnded: fields[13]! + fields[14]!,
  };
}
