/** `whosin serve` in a process of its own, and what it and the processes that it starts cost. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

export interface ServerProcess {
  readonly child: ChildProcess;
  readonly address: string;
  readonly headers: { readonly authorization: string };
  /** Seconds of the processor so far, and MB held now, over all its processes. */
  cost(): Promise<{ readonly cpu: number; readonly memory: number }>;
  close(): Promise<void>;
}

/** @param args of Node: a program that prints one line of JSON, as `serve --json` does */
export async function startServer(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { address, token } = JSON.parse(line) as { readonly address: string; readonly token: string };
  return {
    child,
    address,
    headers: { authorization: `Bearer ${token}` },
    async cost() {
      const all = await Promise.all(family(child.pid!).map(costOf));
      return {
        cpu: all.reduce((sum, { cpu }) => sum + cpu, 0),
        memory: all.reduce((sum, { memory }) => sum + memory, 0),
      };
    },
    async close() {
      const closed = once(child, 'close');
      child.kill('SIGINT');
      await closed;
    },
  };
}

export function family(pid: number): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const found = [pid];
  for (const one of found)
    found.push(...pairs.filter(([, parent]) => parent === one).map(([child]) => child));
  return found;
}

/** Costs of one process (proc(5)): user and system time in hundredths of a second, and kilobytes resident. */
async function costOf(pid: number): Promise<{ readonly cpu: number; readonly memory: number }> {
  const [stat, status] = await Promise.all(
    ['stat', 'status'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
  );
  const fields = stat!.slice(stat!.lastIndexOf(')') + 2).split(' ');
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(status!) ?? [];
  return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, memory: Number(kilobytes) / 1024 };
}
