/** `whosin train`: folders of photos become a model of people. */

import type { Config } from '../../config.ts';
import type { PeopleModel } from '../../faces/people/model-file.ts';
import { savePeopleModel } from '../../faces/people/people-model.ts';
import type { Trained } from '../../faces/people/train.ts';
import type { TrainPart } from '../../faces/people/train-on-examples.ts';
import type { FacesReport, TrainReport } from '../../faces/people/train-report.ts';
import type { TriedHead } from '../../learn/layer/fit-head.ts';
import { facePackNamed } from '../../packs/face-packs.ts';
import type { Dataset } from '../../photos/dataset.ts';
import { settingSentence, settingSources } from '../../report/setting-text.ts';
import { count, percent, probability, shown } from '../../report/words.ts';
import { checkModelPath } from '../../runtime/model-path.ts';
import { openFacesWith } from '../terminal/open-faces-with.ts';
import { out, print } from '../terminal/output.ts';
import { progressBar } from '../terminal/progress.ts';
import { noteDoubts, noteSamePerson } from './doubts-text.ts';

export interface TrainPeopleOptions {
  readonly output: string;
  /** Learn the faces that photos name, not folders. */
  readonly fromRegions: boolean;
  /** One file a person. */
  readonly flat: boolean;
  readonly steps: number;
  /** Percentage of the photos. */
  readonly validation: number;
  readonly json: boolean;
  /** The embedder that was added under this name; the default pack if left out. */
  readonly model: string | undefined;
  /** Likewise, of a detector. */
  readonly detector: string | undefined;
}

const parts: Readonly<Record<TrainPart, string>> = {
  choose: 'Finding each person',
  measure: 'Learning without the held-out photos',
  enrol: 'Learning all photos',
};

/** @returns whether every file that should have been a photo could be read */
export async function trainOnFaces(
  folder: string,
  { output, fromRegions, flat, steps, validation, json, model: embedder, detector }: TrainPeopleOptions,
  config: Config,
): Promise<boolean> {
  await checkModelPath(output);
  const say = json ? (): void => {} : print;
  let bar = progressBar('Reading photos');
  let working: TrainPart | undefined;
  const pack = embedder === undefined ? undefined : await facePackNamed(config.packs, embedder);
  const faces = await openFacesWith(config, detector, pack);
  const train = async (): Promise<Trained> => {
    try {
      return await faces.train(folder, {
        fromRegions,
        flat,
        steps,
        validation: validation / 100,
        onDataset: (dataset) => {
          sayDataset(dataset, say);
          noteDoubts(dataset.doubts);
        },
        onProgress: (now, total = now) => bar.update(now, total),
        onFaces: (found) => {
          bar.stop();
          sayFaces(found, say);
        },
        onTried: (tried) => {
          bar.stop();
          sayTried(tried, say);
        },
        onWork: (part, done, total) => {
          if (part !== working) bar.stop();
          if (part !== working) bar = progressBar(parts[part]);
          working = part;
          bar.update(done, total);
        },
      });
    } finally {
      bar.stop();
      await faces.close();
    }
  };
  const { model, report } = await train();
  sayHeldOut(report, validation, say);
  noteSamePerson(report.samePerson ?? []);
  sayProbabilities(report, model, say);
  await savePeopleModel(output, model);
  say(
    `\nWrote ${output}: ${count(model.people.length, 'person', 'people')}, ${count(model.gallery.length, 'face')}.`,
  );
  if (json) print(JSON.stringify({ schema: 1, output, ...report }));
  // A folder often holds notes and videos; a photo that could not be read is what the status is for.
  return report.unreadable === 0;
}

type Say = (text?: string) => void;

function sayDataset({ root, labels, photos, empty }: Dataset, say: Say): void {
  say(`${shown(root)}: ${count(photos.length, 'photo')} of ${count(labels.length, 'person', 'people')}`);
  for (const label of labels) {
    const own = photos.filter((photo) => photo.label === label).length;
    say(`  ${shown(label).padEnd(28)} ${String(own).padStart(5)}`);
  }
  for (const label of empty) say(`  ${shown(label).padEnd(28)}     0  ${out.yellow('no photos: left out')}`);
}

function sayFaces(faces: FacesReport, say: Say): void {
  say(
    `\n${count(faces.faces, 'face')} in ${count(faces.photos, 'photo')} (${faces.computed} computed, ${faces.cached} cached), ${count(faces.severalFaces, 'photo')} with several faces`,
  );
  if (faces.skipped.length > 0) say(out.yellow(`${count(faces.skipped.length, 'file')} left out:`));
  for (const { path, reason } of faces.skipped) say(`  ${shown(path)} ${shown(reason)}`);
  if (faces.damaged) {
    say(
      out.yellow(`${count(faces.damaged.length, 'photo')} damaged: only faces that are whole were learned:`),
    );
    for (const { path, reason } of faces.damaged) say(`  ${shown(path)} ${shown(reason)}`);
  }
  if (faces.unclear.length > 0) {
    say(
      out.yellow(
        `${count(faces.unclear.length, 'photo')} left out: the face is turned away, blurred or covered:`,
      ),
    );
  }
  for (const path of faces.unclear) say(`  ${shown(path)}`);
  if (faces.likelyWrong.length > 0) {
    say(
      out.yellow(
        `${count(faces.likelyWrong.length, 'photo')} left out: no face in them agrees with the rest of the folder:`,
      ),
    );
  }
  for (const { path, person, looksLike } of faces.likelyWrong) {
    const why =
      looksLike === undefined
        ? `does not look like the other photos of ${shown(person)}`
        : `looks like ${shown(looksLike)}: likely a wrong label`;
    say(`  ${shown(path)} ${why}`);
  }
  if (faces.unsure.length > 0) {
    say(
      out.yellow(
        `${count(faces.unsure.length, 'photo')} with several faces and nothing to compare them with:`,
      ),
    );
  }
  for (const path of faces.unsure)
    say(`  ${shown(path)}: the clearest face was taken; add a photo or crop this one`);
}

function sayTried(tried: TriedHead, say: Say): void {
  if (tried.precision === null) say('\nTraining');
  const what =
    tried.precision === null
      ? 'no head'
      : `head, held back by ${String(tried.precision).padEnd(4)} ${String(tried.steps).padStart(3)} steps`;
  const validation =
    tried.validationAccuracy === undefined
      ? ''
      : `   validation accuracy ${percent(tried.validationAccuracy).padStart(7)}  cross-entropy ${tried.validationCrossEntropy!.toFixed(4)}`;
  say(
    `  ${what.padEnd(31)}  accuracy ${percent(tried.trainingAccuracy).padStart(7)}  cross-entropy ${tried.trainingCrossEntropy.toFixed(4)}${validation}`,
  );
}

function sayHeldOut({ heldOut, unclear, likelyWrong }: TrainReport, asked: number, say: Say): void {
  const { photos, right, mistakes } = heldOut;
  if (asked === 0) return;
  if (photos === 0) {
    say('\nNo photos were held out: a person needs at least three different ones for that.');
    return;
  }
  const wrong = mistakes.filter((mistake) => mistake.answer !== null).length;
  say(
    `\nHeld out: ${count(photos, 'photo')}, ${right} named rightly, ${wrong} wrongly, ${mistakes.length - wrong} called unknown`,
  );
  for (const { path, person, answer, probability: p } of mistakes) {
    say(
      `  ${shown(path)}: is ${shown(person)}, ${answer === null ? 'called unknown' : `named ${shown(answer)}`} (${probability(p)})`,
    );
  }
  if (unclear.length + likelyWrong.length > 0)
    say('  The photos that were left out above are not among them: whosin evaluate counts those too.');
}

function sayProbabilities(
  { recalibration, strangerRates, people }: TrainReport,
  model: PeopleModel,
  say: Say,
): void {
  const fitted =
    recalibration === null
      ? 'as they came: to fit them to the folder, two people with two photos are needed'
      : `fitted to this folder, on ${count(recalibration.photos, 'photo')} of ${count(recalibration.people, 'person', 'people')}, each asked about without it`;
  say(`\nProbabilities ${fitted}.`);
  say(`${settingSentence(model)}.`);
  const sources = settingSources(strangerRates);
  if (sources !== '') say(out.dim(`Strangers: ${sources}.`));
  const single = people.filter(({ photos }) => photos === 1).length;
  if (single > 0 && recalibration !== null && single > people.length / 2)
    say(
      `${single} of ${people.length} people have a single photo: these photos did not help to adjust the probabilities.`,
    );
}
