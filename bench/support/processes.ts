/** Processes of a benchmark that share an album: begun, waited for, and the time that they took of the processor. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

export interface Running {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Lines of its standard output so far. */
  readonly lines: readonly string[];
  /** Until it has printed this line. */
  said(line: string): Promise<void>;
  /** @returns its exit status, or undefined where a signal ended it */
  ended(): Promise<number | undefined>;
}

/** @param core the only one that it may use (Linux: taskset) */
export function begin(
  args: readonly string[],
  { core, env = {} }: { readonly core?: number; readonly env?: Readonly<Record<string, string>> } = {},
): Running {
  const pinned = core === undefined ? [] : ['taskset', '-c', String(core)];
  const [command, ...rest] = [...pinned, process.execPath, ...args] as [string, ...string[]];
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  const lines: string[] = [];
  let heard = (): void => {};
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    heard();
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  return {
    pid: child.pid!,
    child,
    lines,
    async said(line) {
      while (!lines.includes(line)) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`ended before it said ${line}`);
        await Promise.race([
          new Promise<void>((resolve) => {
            heard = resolve;
          }),
          closed,
        ]);
      }
    },
    ended: async () => (await closed)[0] ?? undefined,
  };
}

/** Milliseconds after which nobody waits any more for what processes do together. */
const patience = 150_000;

/** Waits until it is done; throws if one of the processes has ended, or after two minutes and a half. */
export async function untilDone(
  running: readonly Running[],
  interval: number,
  isDone: () => Promise<boolean>,
): Promise<void> {
  const until = Date.now() + patience;
  while (!(await isDone())) {
    if (running.some(({ child }) => child.exitCode !== null || child.signalCode !== null))
      throw new Error('A process ended before the work was done.');
    if (Date.now() > until) throw new Error('The work was not done in time: is the machine busy?');
    await pause(interval);
  }
}

/** Ticks of Linux are hundredths of a second on all its systems. */
const ticks = 100;

/** Seconds of user and system time of a process, and of its children that ended. */
export function cpuOf(pid: number): number {
  try {
    // The name in brackets may hold anything; the state stands behind it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / ticks;
  } catch {
    return 0;
  }
}

/** The same for a process together with all that it has begun, as far as they run. */
export function cpuOfFamily(pid: number): number {
  const children = readdirSync('/proc').filter((name) => {
    try {
      return (
        /^\d+$/.test(name) &&
        readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ')[1] === String(pid)
      );
    } catch {
      return false;
    }
  });
  return cpuOf(pid) + children.reduce((sum, child) => sum + cpuOf(Number(child)), 0);
}
