/** A terminal for the built command: `script` (util-linux) lends the device, xterm.js the screen. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Terminal } from '@xterm/headless';
import { describe } from 'vitest';
import { environmentWith, mainFile } from './whosin.ts';

const script = '/usr/bin/script';

export interface Screen {
  /** Everything that was sent, escape sequences included. */
  readonly output: string;
  /** The visible lines, and those scrolled away before them; long lines whole, whatever the width. */
  readonly lines: readonly string[];
  /** Whether a long line of whoever comes next would go on in the next row. */
  readonly wraps: boolean;
}

export interface TerminalOptions {
  readonly cwd: string;
  readonly home: string;
  readonly columns?: number;
  readonly rows?: number;
  /** A command of the shell that runs before, in the same terminal. */
  readonly before?: string;
  /** Keys that are pressed as soon as the text is seen. */
  readonly press?: { readonly keys: string; readonly at: string };
}

/** A group of tests that is skipped, and says why, where no terminal can be had. */
export function describeOnTerminal(name: string, body: () => void): void {
  const present = existsSync(script);
  // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback -- handed through from the caller
  describe.skipIf(!present)(present ? name : `${name} (skipped: there is no ${script})`, body);
}

export async function onTerminal(
  args: readonly string[],
  { cwd, home, columns = 80, rows = 24, before = 'true', press }: TerminalOptions,
): Promise<Screen> {
  const words = [process.execPath, mainFile, ...args].map((word) => `'${word}'`).join(' ');
  const { TERM: _, CI: __, ...environment } = environmentWith(home);
  const child = spawn(
    script,
    ['-qc', `stty rows ${rows} cols ${columns}; ${before}; ${words}`, '/dev/null'],
    {
      cwd,
      env: { ...environment, TERM: 'xterm-256color' },
    },
  );
  let output = '';
  let isPressed = false;
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (!press || isPressed || !output.includes(press.at)) return;
    isPressed = true;
    child.stdin.write(press.keys);
  });
  await new Promise((resolve) => child.on('close', resolve));
  return screenAfter(output, columns, rows);
}

async function screenAfter(output: string, columns: number, rows: number): Promise<Screen> {
  const terminal = new Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(output, resolve));
  const lines: string[] = [];
  const { active } = terminal.buffer;
  for (let row = 0; row < active.length; row++) {
    const line = active.getLine(row)!;
    const text = line.translateToString(true);
    if (line.isWrapped) lines[lines.length - 1] += text;
    else lines.push(text);
  }
  return { output, lines, wraps: terminal.modes.wraparoundMode };
}
