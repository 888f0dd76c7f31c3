/**
 * The Dockerfile without a container engine: its steps in an empty folder, and what they made, started as an engine would
 * start it: another user, a root that can only be read, one volume.
 *
 *   npx tsx bench/image.ts        as root, on Linux; the network is needed for `npm ci`
 */

import { execFileSync, spawn } from 'node:child_process';
import {
  chownSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { report } from './support/results.ts';
import { buildStages, commandIn, runIn } from './support/stage-folder.ts';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'whosin-image-'));
const token = 'the-token-of-this-trial';
try {
  const context = join(scratch, 'context');
  for (const file of contextFiles()) {
    mkdirSync(dirname(join(context, file)), { recursive: true });
    cpSync(join(checkout, file), join(context, file));
  }
  const { stage, done, leftOut } = buildStages(
    readFileSync(join(checkout, 'Dockerfile'), 'utf8'),
    context,
    scratch,
  );
  const [volume, photos] = ['volume', 'photos'].map((name) => join(scratch, name)) as [string, string];
  for (const folder of [volume, photos]) mkdirSync(folder);
  chownSync(volume, 1000, 1000);
  const sample = 'node_modules/@vladmandic/face-api/demo/sample1.jpg';
  cpSync(join(checkout, sample), join(photos, 'sample.jpg'));
  const options = { readOnly: true, mounts: { '/data': volume, '/photos': photos } };
  const inside = (...args: readonly string[]) => runIn(stage, args, options);

  const whosin = (...args: readonly string[]) => inside(...stage.entrypoint, ...args);
  const added = JSON.parse(whosin('album', 'add', '/photos', '--json')) as { readonly faces: number };
  const rows = [
    ...done.map(({ step, seconds }) => ({ what: step.slice(0, 70), result: `${seconds.toFixed(1)} s` })),
    { what: 'MB in the image, besides the system', result: megabytes(stage.root, 'app') },
    { what: 'whosin --version', result: whosin('--version').trim() },
    { what: 'user', result: inside('id', '-u').trim() },
    { what: 'writing to /app', result: refused(() => inside('touch', '/app/x')) },
    { what: 'whosin album add /photos', result: `${added.faces} faces` },
    { what: 'whosin serve: /healthz/ready', result: await served(options) },
  ];
  await report('image', {
    title: 'The steps of the Dockerfile in an empty folder, and what they made',
    rows,
    notes: leftOut.map((step) => `Not done here: ${step}.`),
  });

  async function served(how: typeof options): Promise<string> {
    const running = { ...stage, environment: { ...stage.environment, WHOSIN_TOKEN: token } };
    const [file, args] = commandIn(running, [...stage.entrypoint, ...stage.command, '--port', '4197'], how);
    const child = spawn(file, args, { stdio: 'ignore' });
    try {
      for (let left = 60; left > 0; left--) {
        const answer = await fetch('http://127.0.0.1:4197/healthz/ready').catch(() => undefined);
        if (answer) return `${answer.status}`;
        await pause(500);
      }
      return 'no answer';
    } finally {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** What .dockerignore lets through, of the files that git knows or would take. */
function contextFiles(): readonly string[] {
  const kept = readFileSync(join(checkout, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: checkout,
    encoding: 'utf8',
  });
  return files.split('\n').filter((file) => kept.some((one) => file === one || file.startsWith(`${one}/`)));
}

function refused(work: () => unknown): string {
  try {
    work();
    return 'done, and should not have been';
  } catch (error) {
    return /Read-only file system/.test(String(error)) ? 'refused: read-only file system' : String(error);
  }
}

function megabytes(root: string, folder: string): number {
  const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const sizes = files.map((file) => lstatSync(join(file.parentPath, file.name)).size);
  return Math.round(sizes.reduce((a, b) => a + b, 0) / 1e6);
}
