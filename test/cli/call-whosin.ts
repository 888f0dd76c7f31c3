/** The command called in this process: as quick as what it does. Its start, its pipes and its end need a real one. */

import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { sharedFolder } from '../shared-folder.ts';
import { environmentWith, type Run, type RunOptions } from './whosin.ts';

export type CallWhosin = (
  args: readonly string[],
  options?: Omit<RunOptions, 'onStart' | 'stdout' | 'stderr'>,
) => Promise<Run>;

/**
 * Gives the tests of a file a WHOSIN_HOME of their own.
 *
 * @returns calls the command with these arguments: one call at a time, since a process has one folder and one output
 */
export function setUpCalls(): CallWhosin {
  const shared = sharedFolder();
  return (args, { cwd = tmpdir(), home = shared.path, input = '', environment = {} } = {}) =>
    call(args, cwd, input, { ...environmentWith(home), ...environment });
}

async function call(
  args: readonly string[],
  cwd: string,
  input: NonNullable<RunOptions['input']>,
  environment: NodeJS.ProcessEnv,
): Promise<Run> {
  const before = { cwd: process.cwd(), environment: { ...process.env } };
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const giveBack = [keep(process.stdout, stdout), keep(process.stderr, stderr)];
  const stdin = Object.getOwnPropertyDescriptor(process, 'stdin')!;
  Object.defineProperty(process, 'stdin', { configurable: true, value: Readable.from([Buffer.from(input)]) });
  process.chdir(cwd);
  setEnvironment(environment);
  try {
    // Loaded here, since colours are settled as it loads.
    const { run } = await import('../../src/cli/run.ts');
    return { status: await run(args), stdout: stdout.join(''), stderr: stderr.join('') };
  } finally {
    for (const give of giveBack) give();
    Object.defineProperty(process, 'stdin', stdin);
    process.chdir(before.cwd);
    setEnvironment(before.environment);
  }
}

function keep(stream: NodeJS.WriteStream, into: string[]): () => void {
  const write = stream.write.bind(stream);
  stream.write = (chunk: Uint8Array | string, ...rest: readonly unknown[]): boolean => {
    into.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    const written = rest.at(-1);
    if (typeof written === 'function') written();
    return true;
  };
  return () => {
    stream.write = write;
  };
}

function setEnvironment(wanted: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in wanted)) delete process.env[name];
  Object.assign(process.env, wanted);
}
