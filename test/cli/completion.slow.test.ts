import { execFile, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharedFolder } from '../shared-folder.ts';
import { setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();
const files = sharedFolder();
const scriptOf = (shell: string): string => join(files.path, `whosin.${shell}`);

beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
    const { stdout } = await whosin(['completion', shell]);
    await writeFile(scriptOf(shell), stdout);
  }
  await mkdir(join(files.path, 'photos'));
  await writeFile(join(files.path, 'party.jpg'), '');
});

/** The typed words, the last one up to the cursor, and the words offered. */
const offers: readonly (readonly [typed: readonly string[], offered: readonly string[]])[] = [
  [['ide'], ['identify']],
  [['models', 're'], ['remove']],
  [
    ['people', 're'],
    ['rename', 'remove'],
  ],
  [
    ['train', 'photos', '--o'],
    ['--output', '--on', '--optimizer'],
  ],
  [
    ['train', 'photos', '--on', ''],
    ['faces', 'picture'],
  ],
  [['models', 'add', 'net', 'net.onnx', '--as', 'face-d'], ['face-detector']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish', 'powershell'],
  ],
  // Names of files, which the shell itself knows.
  [['identify', 'par'], []],
  [['identify', '--model', ''], []],
];

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

async function runIn(shell: string, program: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(shell, ['-c', program], { cwd: files.path });
  return stdout.split('\n').filter((line) => line !== '');
}

const words = (typed: readonly string[]): string => typed.map((word) => `'${word}'`).join(' ');

describe.skipIf(!has('bash'))('in bash (skipped where there is none)', () => {
  test.each(offers)('%j', async (typed, offered) => {
    const program = `source '${scriptOf('bash')}'; COMP_WORDS=(whosin ${words(typed)}); COMP_CWORD=${typed.length}; _whosin; printf '%s\\n' "\${COMPREPLY[@]}"`;
    expect(await runIn('bash', program)).toEqual(offered);
  });

  test('names of files where nothing else fits; and nothing that was typed is run', async () => {
    const [registered] = await runIn('bash', `source '${scriptOf('bash')}'; complete -p whosin`);
    expect(registered).toContain('-o default');
    const program = `source '${scriptOf('bash')}'; COMP_WORDS=(whosin '$(touch ran)' ''); COMP_CWORD=2; _whosin; ls`;
    expect(await runIn('bash', program)).not.toContain('ran');
  });
});

describe.skipIf(!has('fish'))('in fish (skipped where there is none)', () => {
  test.each(offers)('%j', async (typed, offered) => {
    const program = `source '${scriptOf('fish')}'; complete -C 'whosin ${typed.join(' ')}'`;
    const found = (await runIn('fish', program)).map((line) => line.split('\t')[0]!);
    // Fish offers names of files too.
    const isFile = (name: string): boolean =>
      name === 'party.jpg' || name === 'photos/' || name.startsWith('whosin.');
    expect(found.filter((name) => !isFile(name)).toSorted()).toEqual(offered.toSorted());
  });
});

describe.skipIf(!has('zsh'))('in zsh (skipped where there is none)', () => {
  test.each(offers)('%j', async (typed, offered) => {
    // Outside of a terminal zsh completes nothing: what the script would hand to it is printed.
    const zle = `compdef() {}; _files() {}; _describe() { print -rl -- \${(P)@[-1]} }`;
    const program = `${zle}; source '${scriptOf('zsh')}'; words=(whosin ${words(typed)}); CURRENT=${typed.length + 1}; _whosin`;
    const found = (await runIn('zsh', program)).map((line) => line.split(':')[0]!);
    expect(found.filter((name) => name.startsWith(typed.at(-1)!))).toEqual(offered);
  });
});

test('an unknown shell is refused, and the known ones are named', async () => {
  const { status, stderr } = await whosin(['completion', 'tcsh']);
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining('Allowed choices are bash, zsh, fish, powershell'),
  ]);
});
