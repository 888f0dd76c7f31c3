/** `whosin evaluate`: how right the answers are, measured on photos whose people are known. */

import { Command } from '@commander-js/extra-typings';
import { WhosinError } from '../../errors.ts';
import { crossValidate } from '../../faces/evaluate/cross-validate.ts';
import { evaluateModel } from '../../faces/evaluate/evaluate.ts';
import type { Evaluation } from '../../faces/evaluate/evaluation.ts';
import { loadPeopleModel } from '../../faces/people/people-model.ts';
import { facePackOf } from '../../models/face-embedder-pack.ts';
import { facePackOfSpace } from '../../packs/face-packs.ts';
import { findPackOf } from '../../packs/pack-store.ts';
import { isPeopleModel } from '../../pictures/open-model.ts';
import { evaluationPage } from '../../report/evaluate-page.ts';
import { openPictures } from '../../report/evaluate-pictures.ts';
import { shown } from '../../report/words.ts';
import { checkWritable, writeFileAtomically } from '../../runtime/atomic-file.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { share, wholeNumber } from '../terminal/numbers.ts';
import { detectorOption, openFacesWith } from '../terminal/open-faces-with.ts';
import { note, print } from '../terminal/output.ts';
import { progressBar } from '../terminal/progress.ts';
import { evaluateClassifier, refuseForPictures } from './evaluate-classifier.ts';
import { sayEvaluation } from './evaluate-text.ts';

const defaultParts = 5;

export function evaluateCommand(run: Invocation): Command {
  const command = new Command('evaluate')
    .description('Measure how often the answers are right, on photos whose people or labels are known.')
    .argument('<folder>', 'one folder of photos for each person; one called unknown holds strangers')
    .option(
      '-m, --model <name>',
      'measure this model, on photos that it was not trained with; with --cross-validate: train with this embedder',
    )
    .option(...detectorOption)
    .option('--labels <file>', 'one label a line, for a model of pictures without labels of its own')
    .option(
      '--cross-validate [parts]',
      `split the folder into parts; for each, train on all others and test on it (default: ${defaultParts})`,
      wholeNumber(2, 100, ', and the folder before it'),
    )
    .option('--strangers <dir>', 'photos of people who are not enrolled')
    .option(
      '--min-probability <p>',
      "give a name from this probability up (default: the model's, 0.5)",
      share,
    )
    .option('--max-wrong <share>', 'suggest a setting that names no larger share of strangers', share, 0.01)
    .option('--allow-repeats', 'let one person be in a photo more than once (mirrors, collages)')
    .option(
      '-o, --output <file>',
      'write a page with charts and the mistaken photos, for example report.html',
    )
    .option('--json', 'print everything that was measured as one JSON object')
    .addHelpText(
      'after',
      `
A photo may show several faces: the one that agrees with the person's other photos is labelled. The report lists the
answers for the other faces, and does not count them. A photo in which no face was found counts as a mistake. A
folder whose name the model does not have counts as a stranger's. In a cross-validation without strangers each
person is left out once, and is a stranger then. Intervals hold the true value in 95 of 100 measurements.

Examples:
  whosin evaluate photos/ --cross-validate -o report.html
  whosin evaluate more-photos/ -m people.onnx --strangers others/
  whosin evaluate more-flowers/ -m flowers.onnx    a model of whole pictures`,
    )
    .action(async (folder, { model: file, labels, crossValidate: parts, output, json, ...options }) => {
      const { packs } = run.config;
      // With --cross-validate, -m names what to train with.
      const embedder =
        file !== undefined && parts !== undefined
          ? await findPackOf(packs, 'face-embedder', file)
          : undefined;
      if ((file === undefined) === (parts === undefined) && !embedder) {
        throw new WhosinError(
          'usage',
          'Give either a model (-m people.onnx) or --cross-validate, with -m for an embedder that was added.',
        );
      }
      if (output !== undefined) await checkWritable(output);
      if (file !== undefined && !embedder && !(await isPeopleModel(file, run.config))) {
        refuseForPictures(options);
        if (!(await evaluateClassifier(folder, file, { output, json, labels }, run.config))) run.done(1);
        return;
      }
      const model = file === undefined || embedder ? undefined : await loadPeopleModel(file);
      const pack = embedder ? facePackOf(embedder) : model && (await facePackOfSpace(packs, model.space));
      const faces = await openFacesWith(run.config, options.detector, pack);
      const reading = progressBar('Reading photos');
      const training = progressBar('Training');
      const settings = {
        ...options,
        onProgress: (now: number, total = now): void => {
          reading.update(now, total);
          if (now === total) reading.stop();
        },
        onRound: (now: number, total: number): void => training.update(now, total),
      };
      const evaluate = async (): Promise<Evaluation> => {
        try {
          if (model) return await evaluateModel(folder, model, faces, settings);
          const count = parts === true ? defaultParts : Number(parts);
          return await crossValidate(folder, count, faces, settings);
        } finally {
          reading.stop();
          training.stop();
          await faces.close();
        }
      };
      const report = await evaluate();
      const about = { folder, model: file };
      if (json)
        print(JSON.stringify({ schema: 1, folder, ...(file !== undefined && { model: file }), ...report }));
      else sayEvaluation(report, about);
      if (output !== undefined) {
        const pictures = openPictures();
        await writeFileAtomically(output, await evaluationPage(report, about, pictures));
        note(`Wrote ${shown(output)}`);
      }
      if (report.unreadable > 0) run.done(1);
    });
  return command as unknown as Command;
}
