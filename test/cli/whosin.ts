/** The built command in a process of its own, as a person runs it. */

import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll } from 'vitest';
import { writePortraits } from '../demo-people.ts';
import { sharedFolder } from '../shared-folder.ts';
import { warmHome } from '../warm-home.ts';

export const repository = fileURLToPath(new URL('../..', import.meta.url));
export const mainFile = join(repository, 'dist', 'cli', 'main.js');

export interface Run {
  readonly status: number | null;
  /** Results. */
  readonly stdout: string;
  /** Everything about the work. */
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** The folder of cached networks and results; the test file's own if left out. */
  readonly home?: string;
  /** The bytes on standard input. */
  readonly input?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
  /** A file or device that standard output goes to; what is returned of it is empty then. */
  readonly stdout?: string;
  /** Likewise, standard error. */
  readonly stderr?: string;
  /** Told the process's id. */
  readonly onStart?: (pid: number) => void;
}

export type Whosin = (args: readonly string[], options?: RunOptions) => Promise<Run>;

/**
 * Builds the command before the tests of a file, and gives them a WHOSIN_HOME of their own with compiled networks.
 *
 * @returns runs the command with these arguments
 */
export function setUpWhosin(): Whosin {
  const shared = sharedFolder();
  beforeAll(() => Promise.all([build(), warmHome(shared.path)]));
  return (args, options = {}) =>
    new Promise((resolve, reject) => {
      const { cwd = tmpdir(), home = shared.path, input = '', environment = {}, onStart } = options;
      const to = (path: string | undefined): number | 'pipe' =>
        path === undefined ? 'pipe' : openSync(path, 'w');
      const stdio = ['pipe', to(options.stdout), to(options.stderr)] as const;
      const child = spawn(process.execPath, [mainFile, ...args], {
        cwd,
        env: { ...environmentWith(home), ...environment },
        stdio: [...stdio],
      });
      for (const end of stdio) if (typeof end === 'number') closeSync(end);
      if (child.pid !== undefined) onStart?.(child.pid);
      const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
      child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
      child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
      child.on('error', reject);
      child.on('close', (status) =>
        resolve({
          status,
          stdout: Buffer.concat(stdout).toString(),
          stderr: Buffer.concat(stderr).toString(),
        }),
      );
      // A command that ends without reading its input closes the pipe.
      child.stdin!.on('error', () => {});
      child.stdin!.end(input);
    });
}

/** A model of these people, trained by the command before the tests of a file. */
export function setUpModel(
  whosin: Whosin,
  folders: Parameters<typeof writePortraits>[1],
): { readonly path: string } {
  const files = sharedFolder();
  const model = { path: '' };
  beforeAll(async () => {
    model.path = join(files.path, 'people.onnx');
    const people = join(files.path, 'people');
    await writePortraits(people, folders);
    const { status, stdout, stderr } = await whosin(['train', people, '-o', model.path]);
    if (status !== 0) throw new Error(`training failed:\n${stdout}${stderr}`);
  });
  return model;
}

/** The environment of a shell, without variables that the test runner sets for its own output. */
export function environmentWith(home: string): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _force, NO_COLOR: _no, NODE_OPTIONS: _options, ...rest } = process.env;
  return { ...rest, WHOSIN_HOME: home, WHOSIN_THREADS: '1' };
}

/**
 * Builds what is missing or older than its source: `npm test` has built already, `vitest` alone has not. Each
 * file is compiled aside and renamed into place, because other test files may be running the command meanwhile.
 */
export async function build(): Promise<void> {
  const sources = await filesBelow(join(repository, 'src'));
  const times = await Promise.all(sources.map(async (path) => (await stat(path)).mtimeMs));
  const built = await stat(mainFile).catch(() => undefined);
  if (built !== undefined && built.mtimeMs > Math.max(...times)) return;
  const modules = join(repository, 'node_modules');
  const aside = await mkdtemp(join(modules, '.whosin-build-'));
  try {
    const programs = [
      [join(modules, 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json', '--outDir', aside],
      [join(modules, 'vite', 'bin', 'vite.js'), 'build', '-c', 'bundle.config.ts', '--outDir', aside],
    ];
    for (const program of programs) {
      await promisify(execFile)(process.execPath, program, { cwd: repository }).catch(
        ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => {
          throw new Error(`src does not compile:\n${stdout}${stderr}`);
        },
      );
    }
    const compiled = (await filesBelow(aside)).map((path) => relative(aside, path));
    // The command itself last: its time says that everything is built.
    const isMain = (path: string): number => (join(repository, 'dist', path) === mainFile ? 1 : 0);
    for (const path of compiled.toSorted((a, b) => isMain(a) - isMain(b))) {
      const target = join(repository, 'dist', path);
      await mkdir(dirname(target), { recursive: true });
      await rename(join(aside, path), target);
    }
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
