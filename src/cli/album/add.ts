/** `whosin album add` and `whosin album watch`: photos and videos come into the album. */

import { Command } from '@commander-js/extra-typings';
import type { Added, AddOptions } from '../../album/scan/add.ts';
import { addedJson } from '../../report/album-json.ts';
import { addedLine, statusLine, statusRemarks } from '../../report/album-words.ts';
import { shown } from '../../report/words.ts';
import { untilInterrupted } from '../terminal/interrupt.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { err, note, out, print } from '../terminal/output.ts';
import { type Progress, progressBar } from '../terminal/progress.ts';
import { albumOption, withAlbum } from './open.ts';

export function addCommand(run: Invocation): Command {
  const command = new Command('add')
    .description('Read photos and videos: faces are found, and grouped into people.')
    .argument(
      '<paths...>',
      'folders with all that is in them, or files; files that were read before are passed over',
    )
    .option(...albumOption)
    .option('--queue', 'leave the reading to workers: for an album on PostgreSQL')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Names that photos carry already, from other programs, are people at once (whosin regions shows them); your own answers
go before them. whosin writes nothing to the folders. It recognizes a file that was moved, renamed or copied by its
content. Stop with Ctrl-C and go on with the same command. An album on PostgreSQL is read together with all workers
(whosin worker --help), by this command alone if there are none.

Examples:
  whosin album add ~/Pictures
  whosin album add ~/Pictures /media/camera --album family
  whosin album add scans/ --album ./archive.db
  whosin album add /srv/photos --album postgres://whosin@db.example.org/photos --queue`,
    )
    .action(async (paths, { album: where, queue = false, json = false }) => {
      await withAlbum(run, { album: where, create: true }, async (album) => {
        const stages = progressOfStages();
        const added = await untilInterrupted((signal) =>
          album.add(paths, { signal, queue, onFull: sayFull, onProgress: stages.update }),
        ).finally(stages.stop);
        sayFailures(added);
        if (json) print(JSON.stringify(addedJson(added)));
        else {
          print(addedLine(added));
          const status = await album.status();
          print(statusLine(status));
          if (queue) for (const remark of statusRemarks(status)) print(out.dim(remark));
        }
        if (added.failed.length > 0) run.done(1);
      });
    });
  return command as unknown as Command;
}

export function watchCommand(run: Invocation): Command {
  const command = new Command('watch')
    .description(
      'Watch folders and read files that are added, moved, changed or deleted in them. Ctrl-C ends it.',
    )
    .argument('<paths...>', 'folders')
    .option(...albumOption)
    .option(
      '--every <minutes>',
      'also search all folders at this interval, for network drives',
      wholeNumber(1),
      15,
    )
    .option('--json', 'print one JSON object for each look that found a change')
    .addHelpText(
      'after',
      `
Examples:
  whosin album watch ~/Pictures
  whosin album watch /mnt/nas/photos --every 60`,
    )
    .action(async (paths, { album: where, every, json = false }) => {
      await withAlbum(run, { album: where, create: true }, (album) =>
        untilInterrupted((signal) => {
          const stages = progressOfStages();
          return album
            .watch(paths, {
              signal,
              lookEvery: every * 60_000,
              onProgress: stages.update,
              onAdded: (added) => {
                stages.stop();
                sayFailures(added);
                print(json ? JSON.stringify(addedJson(added)) : addedLine(added));
              },
            })
            .finally(stages.stop);
        }),
      );
    });
  return command as unknown as Command;
}

const labels = { look: 'Looking', read: 'Reading', group: 'Grouping' } as const;

interface Stages extends Pick<Progress, 'stop'> {
  readonly update: NonNullable<AddOptions['onProgress']>;
}

/** One bar after the other. */
function progressOfStages(): Stages {
  let current: { readonly stage: keyof typeof labels; readonly bar: Progress } | undefined;
  return {
    update(stage, done, total) {
      if (current?.stage !== stage) {
        current?.bar.stop();
        current = { stage, bar: progressBar(labels[stage]) };
      }
      current.bar.update(done, Math.max(1, total));
    },
    stop() {
      current?.bar.stop();
      current = undefined;
    },
  };
}

function sayFull(): void {
  note('The queue is full: the rest follows as whosin worker reads.');
}

function sayFailures({ failed, unread }: Added): void {
  for (const { file, reason } of unread) note(`${err.yellow('unread:')} ${shown(file)}: ${shown(reason)}`);
  for (const { error } of failed) note(`${err.red('error:')} ${shown(error.message)}`);
}
