/** `whosin cache`: what is kept between runs, and how to be rid of it. */

import { Command } from '@commander-js/extra-typings';
import { openCache } from '../photos/bottleneck-cache.ts';
import { count } from '../report/words.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import type { Invocation } from './terminal/invocation.ts';
import { print } from './terminal/output.ts';

export function cacheCommand(run: Invocation): Command {
  const command = new Command('cache').description(
    'Show or empty the cache of faces found in photos. Clearing it loses nothing but time.',
  );
  command
    .command('info')
    .description('show where the cache is and what it holds')
    .option('--json', 'print one JSON object')
    .action(async ({ json }) => {
      const { home } = run.config;
      const spaces = await openCache(home, writeFileAtomically).info();
      if (json) return print(JSON.stringify({ schema: 1, home, spaces }));
      print(home);
      for (const { space, entries, bytes } of spaces)
        print(`  ${space}: ${count(entries, 'photo')}, ${size(bytes)}`);
      if (spaces.length === 0) print('  empty');
    });
  command
    .command('clear')
    .description('remove every cached result')
    .action(async () => {
      const { home } = run.config;
      const { entries, bytes } = await openCache(home, writeFileAtomically).clear();
      print(`Removed ${count(entries, 'photo')}, ${size(bytes)}.`);
    });
  return command;
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
