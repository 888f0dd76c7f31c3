/** RECIPE: a model is asked about labelled photos; the figures come back, and a page with every mistake is written. */

import { basename, join } from 'node:path';
import type { Config } from '../config.ts';
import type { PeopleModel } from '../faces/people/model-file.ts';
import type { Whosin } from '../open-whosin.ts';
import { evaluatePictures } from '../pictures/evaluate.ts';
import { openProbableModel } from '../pictures/open-model.ts';
import { classificationPage } from '../report/classification-page.ts';
import { evaluationPage } from '../report/evaluate-page.ts';
import { openPictures } from '../report/evaluate-pictures.ts';
import {
  peopleEvaluationJson,
  pictureEvaluationJson,
  pictureHeadline,
  pictureRemarks,
} from '../report/evaluation-json.ts';
import type { EvaluationReportJson } from '../report/schema/training-schema.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import type { Input, StageProgress } from './messages.ts';

interface How {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: StageProgress) => void;
}

export async function evaluatePeople(
  whosin: Whosin,
  model: PeopleModel,
  { folder, shown, name, page }: Input<'evaluate'>,
  { signal, onProgress }: How,
): Promise<EvaluationReportJson> {
  const evaluation = await whosin.evaluate(folder, model, {
    signal,
    onProgress: (done, total = 0) => onProgress({ stage: 'read', done, total }),
  });
  const subject = { folder: shown, model: name };
  await writeFileAtomically(page, await evaluationPage(evaluation, subject, openPictures()));
  return peopleEvaluationJson(evaluation, folder, subject);
}

export async function evaluatePicturesModel(
  config: Config,
  model: string,
  { folder, shown, name, page }: Input<'evaluate'>,
  { signal, onProgress }: How,
): Promise<EvaluationReportJson> {
  const classifier = await openProbableModel(model, { config });
  try {
    const evaluation = await evaluatePictures(folder, classifier, {
      signal,
      onProgress: (done, total = 0) => onProgress({ stage: 'read', done, total }),
    });
    const subject = { folder: shown, model: name };
    const pictures = openPictures();
    const whole = await classificationPage(
      {
        title: `whosin: how right are the answers about ${basename(shown)}?`,
        headline: pictureHeadline(evaluation, subject),
        remarks: pictureRemarks(evaluation),
        ...evaluation,
      },
      (path) => pictures.photo(join(folder, path)),
    );
    await writeFileAtomically(page, whole);
    return pictureEvaluationJson(evaluation, subject);
  } finally {
    await classifier.close();
  }
}
