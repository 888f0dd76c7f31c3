/** How right a model was on labelled photos, in one form for people and for pictures; the page has the rest. */

import { basename } from 'node:path';
import type { Evaluation } from '../faces/evaluate/evaluation.ts';
import { within } from '../photos/label-folders.ts';
import type { PictureEvaluation } from '../pictures/evaluate.ts';
import { type EvaluationReportJson, mostMistakes } from './schema/training-schema.ts';
import { calibrationJson } from './training-json.ts';
import { count, type EvaluationSubject, headline, labelRemarks, remarks, shown } from './words.ts';

export function peopleEvaluationJson(
  evaluation: Evaluation,
  root: string,
  subject: EvaluationSubject,
): EvaluationReportJson {
  const { enrolled, strangers, calibration, wrongNames, namedStrangers, calledUnknown } = evaluation;
  const mistakes = [
    ...[...wrongNames, ...namedStrangers].map(({ path, subject: label, given, probability }) => ({
      path: within(root, path),
      label: basename(label),
      answer: given,
      probability,
    })),
    ...calledUnknown.map(({ path, person, probability }) => ({
      path: within(root, path),
      label: person,
      answer: null,
      probability,
    })),
  ];
  return {
    kind: 'people',
    headline: headline(evaluation, subject),
    remarks: remarks(evaluation),
    figures: [
      { name: 'right name', share: enrolled.right },
      { name: 'wrong name', share: enrolled.wrong },
      { name: 'called unknown', share: enrolled.unknown },
      { name: 'no face found', share: enrolled.noFace },
      { name: 'strangers given a name', share: strangers.named },
    ],
    calibration: calibration.names && calibrationJson(calibration.names),
    mistakes: mistakes.slice(0, mostMistakes),
    mistakesTotal: mistakes.length,
  };
}

export function pictureEvaluationJson(
  evaluation: PictureEvaluation,
  subject: EvaluationSubject,
): EvaluationReportJson {
  const { measured } = evaluation;
  const mistakes = measured?.mistakes ?? [];
  return {
    kind: 'pictures',
    headline: pictureHeadline(evaluation, subject),
    remarks: pictureRemarks(evaluation),
    figures: [
      { name: 'right label', share: measured?.accuracy ?? null },
      ...(measured?.topFive
        ? [{ name: 'right label among the five likeliest', share: measured.topFive }]
        : []),
    ],
    calibration: measured && calibrationJson(measured.calibration),
    mistakes: mistakes
      .slice(0, mostMistakes)
      .map(({ path, label, answer, probability }) => ({ path, label, answer, probability })),
    mistakesTotal: mistakes.length,
  };
}

/** The measurement in one line. */
export function pictureHeadline(
  { pictures, measured }: PictureEvaluation,
  { folder, model = '' }: EvaluationSubject,
): string {
  const seen = measured?.labels.filter(({ examples }) => examples > 0).length ?? 0;
  return `${shown(folder)}: ${count(pictures, 'picture')} of ${count(seen, 'label')}, asked of ${shown(model)}`;
}

export function pictureRemarks({ doubts, missing, foreign }: PictureEvaluation): string[] {
  return [...doubts.map(shown), ...labelRemarks(missing, foreign)];
}
