/** `whosin cache`: what is kept between runs, and how to be rid of it. */

import { Command } from '@commander-js/extra-typings';
import { openCache } from '../photos/bottleneck-cache.ts';
import { count, fileSize } from '../report/words.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import { graphUse, removeGraphs, removeLeftGraphs } from '../runtime/graph-files.ts';
import type { Invocation } from './terminal/invocation.ts';
import { print } from './terminal/output.ts';

export function cacheCommand(run: Invocation): Command {
  const command = new Command('cache').description(
    'Show or empty the cache of faces found in photos and of compiled networks. Clearing it costs time only.',
  );
  command
    .command('info')
    .description('Show where the cache is and how large it is.')
    .option('--json', 'print one JSON object')
    .action(async ({ json }) => {
      const { home } = run.config;
      const spaces = await openCache(home, writeFileAtomically).info();
      const networks = await graphUse(home);
      if (json) return print(JSON.stringify({ schema: 1, home, spaces, networks }));
      print(home);
      for (const { space, entries, bytes } of spaces)
        print(`  ${space}: ${count(entries, 'photo')}, ${fileSize(bytes)}`);
      if (networks.files > 0) print(`  compiled networks: ${inWords(networks)}`);
      if (spaces.length === 0 && networks.files === 0) print('  empty');
    });
  command
    .command('clear')
    .description('Remove every cached result.')
    .option('--networks', 'remove the compiled networks too; making them again takes some seconds')
    .action(async ({ networks: all = false }) => {
      const { home } = run.config;
      const { entries, bytes } = await openCache(home, writeFileAtomically).clear();
      print(`Removed ${count(entries, 'photo')}, ${fileSize(bytes)}.`);
      await removeLeftGraphs(home);
      const networks = all ? await removeGraphs(home) : await graphUse(home);
      if (all) print(`Removed compiled networks: ${inWords(networks)}.`);
      else if (networks.files > 0) {
        print(
          `Compiled networks stay: ${inWords(networks)}. Remove them too with: whosin cache clear --networks`,
        );
      }
    });
  return command;
}

function inWords({ files, bytes }: { readonly files: number; readonly bytes: number }): string {
  return `${count(files, 'file')}, ${fileSize(bytes)}`;
}
