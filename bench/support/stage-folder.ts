/**
 * The steps of a Dockerfile without a container engine: each stage is a folder, into which its instructions copy, and in
 * which they run with this machine's programs bound into it, read-only, as its root.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Copy, DockerfileParser, type Instruction } from 'dockerfile-ast';

/** Folders of this machine that stand for the image that a stage begins with. */
const ofMachine = ['usr', 'bin', 'sbin', 'lib', 'lib64', 'etc', 'opt', 'root', 'proc', 'dev'];

export interface Stage {
  readonly root: string;
  workdir: string;
  user: string;
  readonly environment: Record<string, string>;
  entrypoint: readonly string[];
  command: readonly string[];
}

export interface Built {
  readonly stage: Stage;
  /** Steps that were done, and those that were left out. */
  readonly done: readonly { readonly step: string; readonly seconds: number }[];
  readonly leftOut: readonly string[];
}

/** @param scratch an empty folder @param context the files that are sent to the engine */
export function buildStages(dockerfile: string, context: string, scratch: string): Built {
  const stages = new Map<string, Stage>();
  const done: { step: string; seconds: number }[] = [];
  const leftOut: string[] = [];
  let stage: Stage | undefined;
  for (const instruction of DockerfileParser.parse(dockerfile).getInstructions()) {
    const began = performance.now();
    const step = `${instruction.getKeyword()} ${instruction.getArgumentsContent()?.replaceAll(/\\\n\s*/g, '') ?? ''}`;
    if (instruction.getKeyword() === 'FROM') {
      const words = instruction.getArguments().map((argument) => argument.getValue());
      stage = newStage(join(scratch, `stage${stages.size}`));
      stages.set(words[2] ?? `${stages.size}`, stage);
      leftOut.push(`${step}: this machine's own system stands for it`);
    } else if (step.includes('apt-get')) leftOut.push(`${step}: programs that are installed here`);
    else {
      carryOut(instruction, stage!, stages, context);
      done.push({ step, seconds: (performance.now() - began) / 1000 });
    }
  }
  return { stage: stage!, done, leftOut };
}

function newStage(root: string): Stage {
  for (const folder of [...ofMachine, 'tmp']) {
    if (folder === 'tmp' || existsSync(`/${folder}`)) mkdirSync(join(root, folder), { recursive: true });
  }
  return { root, workdir: '/', user: '0:0', environment: {}, entrypoint: [], command: [] };
}

function carryOut(
  instruction: Instruction,
  stage: Stage,
  stages: ReadonlyMap<string, Stage>,
  context: string,
): void {
  const words = instruction.getArguments().map((argument) => argument.getValue());
  const list = (): string[] => JSON.parse(instruction.getArgumentsContent()!) as string[];
  switch (instruction.getKeyword()) {
    case 'WORKDIR':
      stage.workdir = words[0]!;
      mkdirSync(join(stage.root, stage.workdir), { recursive: true });
      break;
    case 'ENV':
      for (const word of words) stage.environment[word.split('=')[0]!] = word.slice(word.indexOf('=') + 1);
      break;
    case 'USER':
      stage.user = words[0]!;
      break;
    case 'ENTRYPOINT':
      stage.entrypoint = list();
      break;
    case 'CMD':
      stage.command = list();
      break;
    case 'COPY': {
      const from = (instruction as Copy).getFromFlag()?.getValue() ?? undefined;
      const [target, ...sources] = words.filter((word) => !word.startsWith('--')).toReversed();
      for (const source of sources) {
        const path = from === undefined ? join(context, source) : join(stages.get(from)!.root, source);
        const to = join(stage.root, stage.workdir, target!);
        mkdirSync(dirname(to), { recursive: true });
        // As Docker does: a folder's content, not the folder.
        const isFolder = !target!.endsWith('/') || source === '.';
        execFileSync('cp', ['-a', isFolder ? `${path}/.` : path, to]);
      }
      break;
    }
    case 'RUN':
      runIn(stage, ['sh', '-c', instruction.getArgumentsContent()!]);
      break;
    default:
  }
}

/** The command that runs in a stage: as its user, with its environment; its root can be read alone if it is so wished. */
export function commandIn(
  { root, workdir, user, environment }: Stage,
  args: readonly string[],
  { readOnly = false, mounts = {} }: { readOnly?: boolean; mounts?: Readonly<Record<string, string>> } = {},
): readonly [string, readonly string[]] {
  const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const bind = (from: string, to: string): string =>
    `mkdir -p ${quoted(root + to)} && mount --rbind ${quoted(from)} ${quoted(root + to)}`;
  const lines = [
    'set -e',
    `mount --bind ${quoted(root)} ${quoted(root)}`,
    ...ofMachine
      .filter((folder) => existsSync(`/${folder}`))
      .map((folder) => bind(`/${folder}`, `/${folder}`)),
    ...Object.entries(mounts).map(([to, from]) => bind(from, to)),
    ...(readOnly
      ? [`mount -t tmpfs tmpfs ${quoted(`${root}/tmp`)}`, `mount -o remount,bind,ro ${quoted(root)}`]
      : []),
  ];
  const set = Object.entries({ ...environment, HOME: user === '0:0' ? '/root' : '/data' });
  const [uid, gid] = user.split(':');
  const inside = `cd ${quoted(workdir)} && exec setpriv --reuid=${uid} --regid=${gid} --clear-groups env ${set.map(([name, value]) => quoted(`${name}=${value}`)).join(' ')} ${args.map(quoted).join(' ')}`;
  return [
    'unshare',
    ['--mount', 'sh', '-c', [...lines, `exec chroot ${quoted(root)} sh -c ${quoted(inside)}`].join('\n')],
  ];
}

export function runIn(
  stage: Stage,
  args: readonly string[],
  options?: Parameters<typeof commandIn>[2],
): string {
  const [file, rest] = commandIn(stage, args, options);
  return execFileSync(file, rest, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
  });
}
