/** `whosin collect`: a list of names becomes folders of photos that can be trusted. */

import { readFile } from 'node:fs/promises';
import { Command, Option } from '@commander-js/extra-typings';
import { openAnswerMemory } from '../../collect/answer-memory.ts';
import { collect } from '../../collect/collect.ts';
import { defaultSources, openSources } from '../../collect/open-sources.ts';
import { openSet } from '../../collect/photo-set.ts';
import { type Query, readQueryList } from '../../collect/query-list.ts';
import { openWeb, type WebOptions } from '../../collect/web/web.ts';
import { reasonOf, WhosinError } from '../../errors.ts';
import { shown } from '../../report/words.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { positive, wholeNumber } from '../terminal/numbers.ts';
import { err, note, print } from '../terminal/output.ts';
import { progressBar } from '../terminal/progress.ts';
import { creditsCommand } from './credits.ts';
import { dryRun } from './dry-run.ts';
import {
  contactText,
  noteProxies,
  noteWaiting,
  openHashes,
  openViewer,
  smallestFace,
  userAgent,
} from './options.ts';
import { removeCommand } from './remove.ts';
import { reviewCommand } from './review.ts';
import { sayCollected, setTotals } from './set-text.ts';

const hidden = <const F extends string>(flags: F): Option<F> => new Option(flags).hideHelp();

export function collectCommand(run: Invocation): Command {
  const command = new Command('collect')
    .description('Collect photos of people from openly licensed sources: one folder for each name of a list.')
    .argument(
      '<list>',
      'a text file with one name a line (name | search words, or name | Q41421 of Wikidata)',
    )
    .option('-o, --output <folder>', 'the folder to collect into', 'training_dataset')
    .option('--count <n>', 'good photos wanted for each name', wholeNumber(1), 100)
    .option(
      '--source <names>',
      'sources, the surest first, with commas between them',
      defaultSources.join(','),
    )
    .option('--urls <file>', 'for the source urls: a CSV file of name,address')
    .option('--folder <dir>', 'for the source folder: holds one folder of photos for each name')
    .option('--things', 'for subjects that are no people: search for copies, not for faces')
    .option('--min-face <px>', 'set photos aside if their face is smaller', positive, smallestFace)
    .option('--contact <text>', 'your e-mail address or page, sent to the sources', contactText)
    .option('--rate <n>', 'requests a second to one host, at most', positive, 2)
    .option('--timeout <seconds>', 'longest wait for one answer', positive, 60)
    .option('--max-size <MB>', 'largest file to fetch', positive, 50)
    .option('--retry-failed', 'request photos again that could not be fetched in an earlier run')
    .option(
      '--allow-private-addresses [hosts]',
      'fetch from this machine and private networks too, or from these hosts (host:port, parted by commas)',
    )
    .option('--dry-run', 'list the photos that would be fetched, and fetch none')
    .option('--json', 'print the result as one JSON object (a dry run: one on each line)')
    .addOption(hidden('--openverse-api <address>'))
    .addOption(hidden('--commons-api <address>'))
    .addOption(hidden('--wikidata-api <address>'))
    .addHelpText(
      'after',
      `
Sources: wikidata (a person's own category on Wikimedia Commons), commons and openverse (by search), urls, folder.
Copies, broken files, and photos of somebody else or without a face go to rejected/<reason>/; nothing is deleted, and
files that you move by hand stay there. Run it again to go on, after an interruption too. The licences of photos are in
provenance.jsonl; whether you may use photos of a person for your purpose is for you to know.

Examples:
  whosin collect query_list.txt -o training_dataset --count 300 --contact me@example.org
  whosin collect query_list.txt --dry-run
  whosin collect query_list.txt --source urls --urls addresses.csv
  whosin collect review training_dataset
  whosin collect credits training_dataset > credits.html
  whosin train training_dataset -o people.onnx`,
    )
    .action(async (listFile, options) => {
      const queries = await readList(listFile);
      noteProxies();
      const names = options.source.split(',').map((name) => name.trim());
      if (options.contact === undefined && names.some((name) => name !== 'folder')) {
        note(
          err.yellow(
            'Tell the sources whom to write to with --contact: Wikimedia may refuse requests without.',
          ),
        );
      }
      const now = Date.now;
      const web: WebOptions = {
        userAgent: userAgent(options.contact),
        limits: { bytes: options.maxSize * 1e6, milliseconds: options.timeout * 1000, redirects: 5 },
        allowPrivate: allowed(options.allowPrivateAddresses),
        perSecond: options.rate,
        now,
      };
      const { urls, things = false, count, minFace, output, json = false, retryFailed = false } = options;
      let door = openWeb(web);
      const sources = await openSources(names, (address) => door.json(address), {
        ...options,
        things,
        ...(urls !== undefined && { urlFile: urls }),
      });
      if (options.dryRun) {
        run.done(await dryRun(queries, sources, count, json));
        await door.close();
        return;
      }
      const set = await openSet(output, { now, onWait: noteWaiting, hashes: openHashes(run.config) });
      door = openWeb({ ...web, memory: await openAnswerMemory(output, now) });
      const viewer = await openViewer(things, run.config);
      const bar = progressBar('Collecting');
      try {
        const people = await collect(set, queries, sources, door, {
          count,
          minFace,
          retryFailed,
          lookAt: viewer.lookAt,
          ...(viewer.people && { people: viewer.people }),
          onProgress: ({ name, good }) => bar.update(good, count, shown(name)),
          onJudged: (name, good) => {
            if (!json) note(`${shown(name)}: ${good} of ${count}`);
          },
        });
        bar.stop();
        const totals = setTotals(set);
        if (json) print(JSON.stringify({ schema: 1, folder: output, count, people, ...totals }));
        else sayCollected(output, count, people, totals);
        if (people.some(({ outcome }) => outcome === 'stopped')) run.done(1);
      } finally {
        bar.stop();
        await door.close();
        await set.close();
        await viewer.close();
      }
    });
  for (const sub of [reviewCommand(run), creditsCommand(run), removeCommand(run)]) {
    command.addCommand(sub.copyInheritedSettings(command));
  }
  return command as unknown as Command;
}

function allowed(hosts: string | true | undefined): boolean | readonly string[] {
  return typeof hosts === 'string' ? hosts.split(',').map((host) => host.trim()) : (hosts ?? false);
}

async function readList(file: string): Promise<Query[]> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new WhosinError('not-found', `Cannot read ${file}: ${reasonOf(error)}.`, { cause: error });
  });
  return readQueryList(bytes, file);
}
