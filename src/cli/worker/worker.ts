/** `whosin worker`: one of many that read the photos of an album which lies in a PostgreSQL database. */

import { performance } from 'node:perf_hooks';
import { Command } from '@commander-js/extra-typings';
import { openAlbum } from '../../album/open-album.ts';
import { withoutDatabase } from '../../album/work/work.ts';
import type { WorkDone } from '../../album/work/work-off.ts';
import { isPostgres } from '../../catalog/postgres-address.ts';
import { WhosinError } from '../../errors.ts';
import { openFaces } from '../../faces/open-faces.ts';
import { count, shown } from '../../report/words.ts';
import { untilInterrupted } from '../terminal/interrupt.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { err, note, print, warnNotKept } from '../terminal/output.ts';

export function workerCommand(run: Invocation): Command {
  const command = new Command('worker')
    .description(
      'Read the photos that wait in an album on PostgreSQL, beside as many other workers as there are.',
    )
    .requiredOption('--album <address>', 'the album: postgres://user@host/database')
    .option(
      '--concurrency <n>',
      'photos that are read at once, a core each (default: all cores)',
      wholeNumber(1),
    )
    .option('--drain', 'end when the queue is empty, instead of waiting for more')
    .option('--server <url>', 'fetch photos that this machine does not see from this whosin serve')
    .option('--json', 'print one JSON object at the end')
    .addHelpText(
      'after',
      `
Photos come into the queue by whosin album add, which reads along with the workers, or only fills the queue with --queue. A
worker finds a photo under the path that add was given, or fetches it by its content from --server; the server's token
stands in WHOSIN_TOKEN. Ctrl-C and SIGTERM let it finish what it has begun. A worker that is killed loses nothing: others
read what it had, a quarter of a minute later. Photos that end every worker are given up; whosin album lists them.

Examples:
  whosin worker --album postgres://whosin@db.example.org/photos
  whosin worker --album postgres://whosin@db.example.org/photos --concurrency 2 --drain
  WHOSIN_TOKEN=… whosin worker --album postgres://whosin@db.example.org/photos --server https://photos.example.org`,
    )
    .action(async ({ album: where, concurrency, drain = false, server: address, json = false }) => {
      // Said first: a file that is not there would not help if it were.
      if (!isPostgres(where)) throw withoutDatabase(where);
      const config = { ...run.config, ...(concurrency !== undefined && { threads: concurrency }) };
      const server = address === undefined ? undefined : { address, token: tokenFor(address) };
      const faces = () => openFaces({ config, onCacheFailure: warnNotKept });
      const album = await openAlbum(where, { config, create: false, faces });
      const began = performance.now();
      try {
        const done = await untilInterrupted((signal) =>
          album.work({ signal, drain, server, onProgress: newsEvery(60_000), onHang: endHanging }),
        );
        const seconds = (performance.now() - began) / 1000;
        if (json) print(JSON.stringify(doneJson(done, seconds)));
        else print(doneLine(done, seconds));
        for (const { error } of done.failed) note(`${err.red('error:')} ${shown(error.message)}`);
      } finally {
        await album.close();
      }
    });
  return command;
}

/** Never on the command line, which everybody on the machine can read. */
function tokenFor(address: string): string {
  const token = process.env['WHOSIN_TOKEN'];
  if (token) return token;
  throw new WhosinError('usage', `WHOSIN_TOKEN is not set: give the token of ${address} there.`);
}

/** A file is inside a library that does not come back: nothing can be closed, and others take the job. */
function endHanging(sha256: string): void {
  note(
    `${err.red('error:')} The photo or video ${sha256} has kept this worker busy for too long: it ends, and others try.`,
  );
  process.kill(process.pid, 'SIGKILL');
}

function newsEvery(milliseconds: number): (done: WorkDone) => void {
  let last = performance.now();
  let before = 0;
  return ({ photos }) => {
    const now = performance.now();
    if (now - last < milliseconds) return;
    note(
      `${count(photos, 'photo')} read, ${(((photos - before) * 1000) / (now - last)).toFixed(1)} a second.`,
    );
    last = now;
    before = photos;
  };
}

function doneLine({ photos, faces, failed, later }: WorkDone, seconds: number): string {
  const parts = [
    `${count(photos, 'photo')} read in ${seconds.toFixed(0)} s`,
    count(faces, 'face'),
    ...(failed.length > 0 ? [`${count(failed.length, 'file')} could not be read`] : []),
    ...(later > 0 ? [`${count(later, 'try', 'tries')} put off`] : []),
  ];
  return `${parts.join('; ')}.`;
}

function doneJson({ photos, faces, failed, later }: WorkDone, seconds: number): unknown {
  return {
    schema: 1,
    photos,
    faces,
    seconds: Math.round(seconds * 1000) / 1000,
    later,
    failed: failed.map(({ path, error }) => ({ path, code: error.code, message: error.message })),
  };
}
