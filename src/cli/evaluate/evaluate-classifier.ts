/** `whosin evaluate FOLDER -m pictures.onnx`: how right a model of whole pictures is on labelled ones. */

import { basename, join } from 'node:path';
import type { Config } from '../../config.ts';
import { WhosinError } from '../../errors.ts';
import { evaluatePictures, type PictureEvaluation } from '../../pictures/evaluate.ts';
import { openProbableModel } from '../../pictures/open-model.ts';
import { classificationPage } from '../../report/classification-page.ts';
import { openPictures } from '../../report/evaluate-pictures.ts';
import { pictureHeadline, pictureRemarks } from '../../report/evaluation-json.ts';
import { shown } from '../../report/words.ts';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import { sayClassification } from '../classify/classification-text.ts';
import { note, out, print } from '../terminal/output.ts';
import { progressBar } from '../terminal/progress.ts';

export interface ClassifierOptions {
  readonly output?: string | undefined;
  readonly json?: true | undefined;
  readonly labels?: string | undefined;
}

/** @returns whether every file that should have been a picture could be read */
export async function evaluateClassifier(
  folder: string,
  file: string,
  { output, json, labels }: ClassifierOptions,
  config: Config,
): Promise<boolean> {
  const classifier = await openProbableModel(file, { config, ...(labels !== undefined && { labels }) });
  const bar = progressBar('Asking about pictures');
  const evaluate = async (): Promise<PictureEvaluation> => {
    try {
      const onProgress = (now: number, total = now): void => bar.update(now, total);
      return await evaluatePictures(folder, classifier, { onProgress });
    } finally {
      bar.stop();
      await classifier.close();
    }
  };
  const report = await evaluate();
  const remarks = pictureRemarks(report);
  const headline = pictureHeadline(report, { folder, model: file });
  if (json) print(JSON.stringify({ schema: 1, folder, model: file, ...report }));
  else say(headline, remarks, report);
  if (output !== undefined) {
    const pictures = openPictures();
    const title = `whosin: how right are the answers about ${shown(basename(folder))}?`;
    await writeFileAtomically(
      output,
      await classificationPage({ title, headline, remarks, ...report }, (path) =>
        pictures.photo(join(folder, path)),
      ),
    );
    note(`Wrote ${shown(output)}`);
  }
  return report.unreadable === 0;
}

function say(headline: string, remarks: readonly string[], { measured, skipped }: PictureEvaluation): void {
  print(out.bold(headline));
  for (const remark of remarks) print(out.yellow(remark));
  print();
  if (measured) sayClassification(measured);
  else print('No folder is called like a label of the model: there is nothing to measure.');
  if (skipped.length === 0) return;
  print(`\n${out.yellow(`Left out: ${skipped.length}`)}`);
  for (const { path, reason } of skipped.slice(0, mostLines)) print(`  ${shown(`${path} ${reason}`)}`);
  if (skipped.length > mostLines)
    print(`  and ${skipped.length - mostLines} more: see --json or -o report.html`);
}

const mostLines = 10;

/** Throws `usage` for what only makes sense of people. */
export function refuseForPictures(options: Readonly<Record<string, unknown>>): void {
  if (options['detector'] !== undefined) {
    throw new WhosinError(
      'usage',
      '--detector is for models of people: models of whole pictures use no faces.',
    );
  }
  const flags = { strangers: '--strangers', minProbability: '--min-probability' };
  for (const [option, flag] of Object.entries(flags)) {
    if (options[option] === undefined) continue;
    throw new WhosinError(
      'usage',
      `${flag} is for models of people: a model of whole pictures knows no strangers.`,
    );
  }
}
