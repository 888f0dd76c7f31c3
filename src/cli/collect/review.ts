/** `whosin collect review`: what a set holds and what was set aside, and a page to look at it. */

import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { keep } from '../../collect/overrule.ts';
import { checkFolder, closing, exists, openSet } from '../../collect/photo-set.ts';
import { rejectedFolder } from '../../collect/query-list.ts';
import { type Review, type ReviewedPhoto, review } from '../../collect/review.ts';
import { journalFile } from '../../collect/set-files.ts';
import { contactSheet } from '../../report/collect-page.ts';
import { count, shown } from '../../report/words.ts';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { positive } from '../terminal/numbers.ts';
import { out, print } from '../terminal/output.ts';
import { progressBar } from '../terminal/progress.ts';
import { noteWaiting, openHashes, openViewer, smallestFace } from './options.ts';
import { sayRejected, setTotals } from './set-text.ts';

export function reviewCommand(run: Invocation): Command {
  const command = new Command('review')
    .description(
      'Report copies, wrong faces, no face and several faces, and write a contact sheet to overrule it.',
    )
    .argument(
      '<folder>',
      'the folder that whosin collect made, or any folder with one folder of photos for each name',
    )
    .option('--keep <files...>', 'put these photos back into the set; whosin does not set them aside again')
    .option(
      '--sheet <file>',
      'where to write the contact sheet (default: rejected/contact-sheet.html in what collect made, else here)',
    )
    .option('--no-sheet', 'write no contact sheet')
    .option('--things', 'for subjects that are no people: search for copies, not for faces')
    .option('--min-face <px>', 'faces below this are too small', positive, smallestFace)
    .option('--json', 'print the report as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  whosin collect review training_dataset
  whosin collect review training_dataset --keep training_dataset/rejected/someone-else/Ann/4f2a….jpg`,
    )
    .action(async (folder, { keep: files, sheet, things = false, minFace, json }) => {
      if (files) {
        await checkFolder(folder);
        const set = await openSet(folder, {
          now: Date.now,
          onWait: noteWaiting,
          hashes: openHashes(run.config),
        });
        const kept = await closing(set, keep(set, files));
        if (!json) print(`${count(kept, 'photo')} put back.`);
      }
      const viewer = await openViewer(things, run.config);
      const bar = progressBar('Looking');
      const { lookAt, people } = viewer;
      const report = await review(
        folder,
        lookAt,
        { minFace, hashes: openHashes(run.config), ...(people && { people }) },
        (now, total) => bar.update(now, total),
      ).finally(() => bar.stop());
      await viewer.close();
      const page = typeof sheet === 'string' ? sheet : await placeOfSheet(folder);
      if (sheet !== false) await writeFileAtomically(page, await contactSheet(report));
      if (json) print(JSON.stringify(jsonReport(report)));
      else sayReview(report);
      if (sheet !== false && !json) print(`\nContact sheet: ${shown(page)}`);
    });
  return command as unknown as Command;
}

/** A folder that `collect` did not make is not written to. */
async function placeOfSheet(folder: string): Promise<string> {
  const name = 'contact-sheet.html';
  return (await exists(join(folder, journalFile))) ? join(folder, rejectedFolder, name) : name;
}

const good = ({ reason }: ReviewedPhoto): boolean => reason === null;

function sayReview({ root, names, photos, failed }: Review): void {
  print(`${shown(root)}: ${count(photos.filter(good).length, 'photo')} of ${count(names.length, 'name')}`);
  for (const name of names) {
    const own = photos.filter((photo) => photo.name === name);
    const aside = own.filter((photo) => !good(photo)).length;
    print(`  ${shown(name).padEnd(28)} ${String(own.length - aside).padStart(5)}  ${aside} set aside`);
  }
  sayRejected(totalsOf(photos, failed).rejected);
  sayList(
    'with several faces, the one that agrees with the other photos counts',
    photos.filter(severalFaces),
    '',
  );
  sayList(
    'whose face is turned away, blurred or covered: train leaves them out',
    photos.filter((photo) => good(photo) && photo.unclear),
    '',
  );
  sayList(
    'put there by you, and doubted',
    photos.filter(({ doubt }) => doubt),
    ({ doubt }) => doubt?.why ?? '',
  );
}

const severalFaces = (photo: ReviewedPhoto): boolean => good(photo) && (photo.faces ?? 0) > 1;

function sayList(
  title: string,
  photos: readonly ReviewedPhoto[],
  why: '' | ((photo: ReviewedPhoto) => string),
): void {
  if (photos.length === 0) return;
  print(out.yellow(`\n${count(photos.length, 'photo')} ${title}:`));
  for (const photo of photos)
    print(`  ${shown(photo.path)} ${why === '' ? '' : shown(why(photo))}`.trimEnd());
}

function totalsOf(photos: readonly ReviewedPhoto[], failed: number): ReturnType<typeof setTotals> {
  return setTotals({
    photos: new Map(photos.map((photo) => [photo.path, photo])),
    failed: new Set(Array.from({ length: failed }, (_, i) => String(i))),
  });
}

function jsonReport({ root, names, photos, failed }: Review): unknown {
  return {
    schema: 1,
    folder: root,
    names,
    ...totalsOf(photos, failed),
    photos: photos.map(({ face, provenance, ...photo }) => ({
      ...photo,
      ...(face && { box: face.box }),
      ...(provenance && { address: provenance.address, source: provenance.source }),
    })),
  };
}
