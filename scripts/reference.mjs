// Writes a reference of every export into reference/, from the docstrings: `npm run reference`. TypeDoc reads
// TypeScript 5 through its API, which TypeScript 7 does not have, so both come from the npm registry for this run alone.
import { spawnSync } from 'node:child_process';

const packages = ['typedoc@0.28.20', 'typescript@5.9.3'].map((name) => `--package=${name}`);
const entries = ['index', 'faces/index', 'pictures/index', 'video/index', 'album/index'].map(
  (name) => `src/${name}.ts`,
);
const settings = [
  '--tsconfig',
  'tsconfig.build.json',
  '--out',
  'reference',
  '--readme',
  'docs/API.md',
  '--excludeInternal',
];
const { status } = spawnSync(
  'npm',
  ['exec', '--yes', ...packages, '--', 'typedoc', ...settings, ...entries],
  {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  },
);
process.exitCode = status ?? 1;
