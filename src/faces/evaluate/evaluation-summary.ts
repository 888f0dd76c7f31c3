/** From answers to everything that an evaluation says. */

import { calibrations } from '../../learn/measure/calibration-metrics.ts';
import { shareOf } from '../../learn/measure/intervals.ts';
import {
  enrolledOutcomes,
  logLoss,
  rankOne,
  strangerProbes,
  strangersNamed,
} from '../../learn/measure/metrics.ts';
import {
  detectionErrorTradeoff,
  identificationRate,
  suggestSetting,
} from '../../learn/measure/open-set-metrics.ts';
import type { Evaluation, Protocol, Setting } from './evaluation.ts';
import { calledUnknown, likelyWrongLabels, mistakes, personRows } from './evaluation-lists.ts';
import type { EvaluationPhoto } from './evaluation-photos.ts';
import type { Asked, ChosenPhoto, PhotoProbe } from './labelled-faces.ts';

/** Rates of strangers named at which it is measured how many people are found. */
const levels = [0.1, 0.01, 0.001];

export interface Measured {
  readonly protocol: Protocol;
  readonly setting: Setting;
  readonly people: readonly ChosenPhoto[];
  readonly strangers: readonly EvaluationPhoto[];
  readonly asked: readonly Asked[];
}

type Sidelines = Pick<
  Evaluation,
  'strangerFolders' | 'taught' | 'alone' | 'skipped' | 'unreadable' | 'doubts'
>;

/** @param rest what was left aside, and why */
export function summarise(
  { protocol, setting, people, strangers, asked }: Measured,
  rest: Sidelines,
): Evaluation {
  const probes = asked.flatMap((one) => one.probes);
  // In a cross-validation a photo is asked about twice, the second time as a stranger's.
  const others = [...new Map(asked.toReversed().map((one) => [one.path, one.others])).values()].flat();
  const { minProbability, priorUnknown, maxWrong } = setting;
  const enrolled = probes.filter((probe) => probe.enrolled);
  const asStrangers = strangerProbes(probes);
  const shown = [
    ...people.map((photo) => ({ ...photo, enrolled: true })),
    ...strangers.map((photo) => ({ ...photo, enrolled: false })),
  ].map(({ person, ...photo }) => ({ ...photo, subject: person }));
  const isNamed = ({ answer }: PhotoProbe): boolean =>
    answer !== null && answer.probability >= minProbability;
  return {
    protocol,
    setting,
    photos: shown.length,
    detection: shareOf(shown, ({ faces }) => faces.length > 0),
    enrolled: {
      people: new Set(enrolled.map(({ subject }) => subject)).size,
      photos: enrolled.length,
      rankOne: rankOne(probes),
      ...enrolledOutcomes(probes, minProbability),
    },
    strangers: {
      people: new Set(asStrangers.map(({ subject }) => subject)).size,
      faces: asStrangers.length,
      named: strangersNamed(probes, minProbability),
    },
    identification: levels.map((level) => identificationRate(probes, level)),
    logLoss: logLoss(probes),
    calibration: calibrations(probes, priorUnknown),
    det: detectionErrorTradeoff(probes),
    suggested: suggestSetting(probes, maxWrong),
    perPerson: personRows(enrolled, minProbability),
    wrongNames: mistakes(
      enrolled.filter((p) => isNamed(p) && p.answer!.best !== p.subject),
      people,
    ),
    namedStrangers: mistakes(
      probes.filter((p) => !p.enrolled && isNamed(p)),
      people,
    ),
    calledUnknown: calledUnknown(enrolled.filter((p) => p.answer !== null && !isNamed(p))),
    noFace: shown.filter(({ faces }) => faces.length === 0).map(({ path }) => path),
    likelyWrong: likelyWrongLabels(people),
    others: {
      faces: others.length,
      named: others.filter(({ probability }) => probability >= minProbability),
    },
    ...rest,
  };
}
