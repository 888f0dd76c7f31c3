/** The worth of a training, in one form for people and for pictures. */

import type { PeopleModel } from '../faces/people/model-file.ts';
import type { TrainReport } from '../faces/people/train-report.ts';
import type { Calibration } from '../learn/measure/calibration-metrics.ts';
import { wilson } from '../learn/measure/intervals.ts';
import type { FitPoint } from '../pictures/fit-layer.ts';
import type { PictureTrainReport } from '../pictures/train.ts';
import { round } from './decision-json.ts';
import {
  type CalibrationJson,
  type CurvePointJson,
  mostLeftOut,
  mostMistakes,
  type TrainingReportJson,
} from './schema/training-schema.ts';
import { settingSentence, settingSources } from './setting-text.ts';
import { count, probability } from './words.ts';

/** The network that reads the photos. */
type Network = Pick<TrainingReportJson, 'network' | 'licence'>;

/** The head of people: how strongly it is held back is what was tried. */
export function triedHeadJson({ precision, ...figures }: TrainReport['points'][number]): CurvePointJson {
  return { at: precision, ...figuresJson(figures) };
}

/** The layer of pictures: a step of a descent, or a strength that was tried. */
export function fitPointJson({ l2, steps, ...figures }: FitPoint): CurvePointJson {
  return { at: l2 ?? steps, ...figuresJson(figures) };
}

function figuresJson(figures: Omit<FitPoint, 'l2' | 'steps'>): Omit<CurvePointJson, 'at'> {
  return {
    trainingAccuracy: round(figures.trainingAccuracy, 4),
    trainingCrossEntropy: round(figures.trainingCrossEntropy, 4),
    validationAccuracy: rounded(figures.validationAccuracy),
    validationCrossEntropy: rounded(figures.validationCrossEntropy),
  };
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : round(value, 4);
}

export function peopleTrainingJson(
  report: TrainReport,
  model: PeopleModel,
  network: Network,
): TrainingReportJson {
  const { photos, right, mistakes } = report.heldOut;
  const kept = report.points.find(({ precision }) => precision === report.precision);
  const leftOut = [
    ...report.skipped,
    ...report.unclear.map((path) => ({ path, reason: 'the face is turned away, blurred or covered' })),
    ...report.likelyWrong.map(({ path, person, looksLike }) => ({
      path,
      reason:
        looksLike === undefined
          ? `does not look like the other photos of ${person}`
          : `looks like ${looksLike}: likely a wrong label`,
    })),
  ];
  return {
    kind: 'people',
    ...network,
    photos: report.photos,
    labels: report.people.map(({ person, ...counts }) => ({ label: person, ...counts })),
    curve: { across: 'strength', points: report.points.map(triedHeadJson) },
    kept: kept ? triedHeadJson(kept) : null,
    heldOut:
      photos === 0 ? null : { value: right / photos, hits: right, of: photos, ...wilson(right, photos) },
    crossEntropy: rounded(kept?.validationCrossEntropy),
    calibration: null,
    sentences: probabilitySentences(report, model),
    remarks: [...(report.doubts ?? []), ...(report.samePerson ?? []).map(samePersonSentence)],
    leftOut: leftOut.slice(0, mostLeftOut),
    leftOutTotal: leftOut.length,
    mistakes: mistakes
      .toSorted((a, b) => b.probability - a.probability)
      .slice(0, mostMistakes)
      .map(({ path, person, answer, probability: p }) => ({ path, label: person, answer, probability: p })),
    mistakesTotal: mistakes.length,
  };
}

function probabilitySentences({ recalibration, strangerRates }: TrainReport, model: PeopleModel): string[] {
  const fitted =
    recalibration === null
      ? 'Probabilities are as they came: to fit them to the folder, two people with two photos are needed.'
      : `Probabilities were fitted to this folder, on ${count(recalibration.photos, 'photo')} of ${count(recalibration.people, 'person', 'people')}; each was a probe for a model without it.`;
  const sources = settingSources(strangerRates);
  return [fitted, `${settingSentence(model)}.`, ...(sources === '' ? [] : [`Strangers: ${sources}.`])];
}

function samePersonSentence({
  people: [one, other],
  probability: p,
}: NonNullable<TrainReport['samePerson']>[number]): string {
  return `"${one}" and "${other}" seem to be one person (${probability(p)}): put their photos into one folder.`;
}

export function pictureTrainingJson(report: PictureTrainReport, network: Network): TrainingReportJson {
  const { test, points, kept, temperature, skipped, labels } = report;
  const mistakes = test?.mistakes ?? [];
  return {
    kind: 'pictures',
    ...network,
    photos: report.photos,
    labels: labels.map(({ label, training, validation, testing }) => ({
      label,
      photos: training + validation + testing,
      heldOut: testing,
    })),
    curve: {
      across: points.every(({ l2 }) => l2 !== undefined) ? 'strength' : 'step',
      points: points.map(fitPointJson),
    },
    kept: fitPointJson(kept),
    heldOut: test?.accuracy ?? null,
    crossEntropy: test ? round(test.crossEntropy, 4) : null,
    calibration: test ? calibrationJson(test.calibration) : null,
    sentences: [
      `The values of the layer are divided by ${temperature.toFixed(2)}, fitted on pictures left out, so that the probabilities are right on average.`,
    ],
    remarks: [...(report.doubts ?? [])],
    leftOut: skipped.slice(0, mostLeftOut),
    leftOutTotal: skipped.length,
    mistakes: mistakes
      .slice(0, mostMistakes)
      .map(({ path, label, answer, probability: p }) => ({ path, label, answer, probability: p })),
    mistakesTotal: mistakes.length,
  };
}

export function calibrationJson({ error, bins }: Calibration): CalibrationJson {
  return {
    error: round(error.value, 4),
    bins: bins.map(({ stated, observed, low, high, count: answers }) => ({
      stated,
      observed,
      low,
      high,
      answers,
    })),
  };
}
