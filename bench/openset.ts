/**
 * Open-set identification: half of the people of a folder are enrolled with a few photos each, the other half are
 * strangers.
 *
 *   npx tsx bench/openset.ts FOLDER [--also=CFP] [--middle] [--people N] [--photos LIST] [--page FILE]
 *
 * The people are dealt into four quarters. Two of them fit the background (with the people of Celebrities in
 * Frontal-Profile, as the one that ships), of the other two one is enrolled and
 * one are strangers, then the roles go round: everybody is enrolled once and a stranger once, and nobody is ever
 * measured with a background that knows them. Enrolment is that of `whosin train`, which has to find the person
 * in photos of several people; with --middle it gets the face in the middle alone, so that recognition is measured
 * by itself. People with no more photos than are enrolled are in the gallery too, but have no probes. With
 * --people, galleries are of so many people who can, two at most of each quarter.
 * --photos says how many are enrolled, 1,3,5,10,uneven if left out; uneven: every second person with one photo, the
 * others with ten.
 */

import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { askAboutPerson, type ChosenPhoto, type PhotoProbe } from '../src/faces/evaluate/labelled-faces.ts';
import type { ReferencePhoto } from '../src/faces/packs/reference-photos.ts';
import { modelOfPhotos } from '../src/faces/people/chosen-examples.ts';
import type { PeopleModel } from '../src/faces/people/model-file.ts';
import { calibrations } from '../src/learn/measure/calibration-metrics.ts';
import { type Estimate, type Share, shareOf } from '../src/learn/measure/intervals.ts';
import { enrolledOutcomes, logLoss, rankOne, strangersNamed } from '../src/learn/measure/metrics.ts';
import {
  detectionErrorTradeoff,
  identificationRate,
  suggestSetting,
} from '../src/learn/measure/open-set-metrics.ts';
import { chosenShrinkage, fitBackground } from '../src/learn/odds/background-fit.ts';
import type { ReferencePairs } from '../src/learn/odds/rate-table.ts';
import { settingFor } from '../src/learn/odds/stranger-rates.ts';
import type { TwoCovariance } from '../src/learn/odds/two-covariance.ts';
import { fitTwoCovariance } from '../src/learn/odds/two-covariance-fit.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import { halvesByName, placeByName } from '../src/photos/folds.ts';
import { chartStyle, detChart, reliabilityDiagram } from '../src/report/evaluate-charts.ts';
import { percentage, range, level as rateText } from '../src/report/evaluate-numbers.ts';
import { type Html, html, page } from '../src/report/html.ts';
import { compute } from './support/compute.ts';
import { facesToFitBeside, furtherFaces } from './support/frontal-profile.ts';
import { comparePairs } from './support/pair-odds.ts';
import { readReferencePhotos } from './support/reference-photos.ts';
import { type Row, report } from './support/results.ts';

const { values, positionals } = parseArgs({
  options: {
    also: { type: 'string' },
    middle: { type: 'boolean', default: false },
    people: { type: 'string' },
    photos: { type: 'string', default: '1,3,5,10,uneven' },
    page: { type: 'string' },
    quick: { type: 'boolean' },
  },
  allowPositionals: true,
});
const [folder] = positionals;
if (folder === undefined) {
  throw new Error(
    'Usage: npx tsx bench/openset.ts FOLDER [--also=CFP] [--middle] [--people N] [--photos LIST] [--page FILE]',
  );
}
const photos = await readReferencePhotos(folder);
const further = await furtherFaces();
const halves = halvesByName(photos);
const settings = { minProbability: 0.5, priorUnknown: 0.5 };
const sections: Html[] = [];
const tables = { identified: [] as Row[], named: [] as Row[], asked: [] as Row[] };
const recalibrated: string[] = [];
/** The background of each half, for people of the other half. */
const backgrounds: { background: TwoCovariance; strangers: ReferencePairs }[] = [];
for (const [i, half] of halves.entries()) {
  const dealAgain = (person: string): number => placeByName(person, 'again');
  const background = await fitBackground(facesToFitBeside(half, further, halves[1 - i]!), dealAgain, compute);
  backgrounds.push({ background, strangers: await referencePairs(half, halves[1 - i]!, background) });
}
for (const enrolled of values.photos.split(',').map((text) => (text === 'uneven' ? text : Number(text)))) {
  const { probes, asked, gallery, recalibrations } = await probesAt(enrolled);
  const photosEach =
    enrolled === 'uneven' ? '1 or 10 photos' : enrolled === 1 ? '1 photo' : `${enrolled} photos`;
  const title = `${photosEach} a person, galleries of ${gallery.join(', ')} people`;
  const calibration = calibrations(probes, settings.priorUnknown);
  const outcomes = enrolledOutcomes(probes, settings.minProbability);
  const { enrolled: enrolledLoss, strangers: strangerLoss } = logLoss(probes);
  const suggested = suggestSetting(probes, 0.01);
  const each = { 'photos a person': enrolled === 'uneven' ? '1 or 10' : enrolled };
  tables.identified.push({
    ...each,
    probes: probes.filter((probe) => probe.enrolled).length,
    'rank-1': shareCell(rankOne(probes)),
    ...Object.fromEntries(
      [0.1, 0.01, 0.001].map((rate) => [
        `right name at stranger rate ${rateText(rate)}`,
        shareCell(identificationRate(probes, rate).rate),
      ]),
    ),
    'calibration error of names': estimateCell(calibration.names?.error),
    'of unknown': estimateCell(calibration.unknown?.error),
    'log loss, enrolled': estimateCell(enrolledLoss),
    'log loss, strangers': estimateCell(strangerLoss),
  });
  tables.named.push({
    ...each,
    'right name': shareCell(outcomes.right),
    'wrong name': shareCell(outcomes.wrong),
    'called unknown': shareCell(outcomes.unknown),
    'stranger named': shareCell(strangersNamed(probes, settings.minProbability)),
    'suggested for 1 % of strangers': suggested?.minProbability ?? '–',
  });
  tables.asked.push({
    ...each,
    ...Object.fromEntries(
      asked.flatMap(({ level: rate, kept, named, right }) => [
        [`${rateText(rate)}: strangers named`, shareCell(named)],
        [`${rateText(rate)}: right name`, shareCell(right)],
        [`${rateText(rate)}: kept`, kept],
      ]),
    ),
  });
  recalibrated.push(`${title}: recalibrated to ${recalibrations.join('; ')}.`);
  sections.push(html`<h2>${title}</h2><div class="charts">
<figure>${reliabilityDiagram(calibration.names!, 'known', 'share that was right')}<figcaption>Names</figcaption></figure>
<figure>${reliabilityDiagram(calibration.unknown!, 'unknown', 'share that were strangers')}<figcaption>“Unknown”</figcaption></figure>
<figure>${detChart(detectionErrorTradeoff(probes), settings.minProbability)}<figcaption>Trade-off</figcaption></figure></div>`);
}
const middle = values.middle ? ', the face in the middle is the person’s' : '';
const set = `${basename(resolve(folder))}${values.people === undefined ? '' : `, galleries of ${values.people}`}${middle}`;
await report('openset', { title: `Open set, ${set}: identified`, rows: tables.identified });
await report('openset', {
  title: `Open set, ${set}: named from ${settings.minProbability} up`,
  rows: tables.named,
  notes: recalibrated,
});
await report('openset', { title: `Open set, ${set}: --max-wrong`, rows: tables.asked });
if (values.page !== undefined) {
  await writeFile(
    values.page,
    page('Open set', html`<h1>${basename(resolve(folder))}, open set</h1>${sections}`, chartStyle),
  );
}

/** How many photos each person is enrolled with; uneven: one or ten, in turn. */
type Enrolled = number | 'uneven';

async function probesAt(enrolled: Enrolled): Promise<{
  readonly probes: readonly PhotoProbe[];
  readonly asked: readonly AskedRate[];
  readonly gallery: readonly number[];
  readonly recalibrations: readonly string[];
}> {
  const answered: Answered[] = [];
  for (const reported of [0, 1]) {
    const { background, strangers } = backgrounds[1 - reported]!;
    const quarters = halvesByName(halves[reported]!, 'role');
    for (const taught of [0, 1]) {
      for (const { lessons, questions } of galleriesOf(quarters[taught]!, enrolled)) {
        const labels = [...new Set(lessons.map(({ person }) => person))];
        const folderOf = { root: folder!, labels };
        const options = { strangers };
        const model = await modelOfPhotos(folderOf, lessons, background, faceApiPack.space, compute, options);
        const asked = [...questions, ...quarters[1 - taught]!.map(labelled)];
        answered.push({ model, probes: asked.flatMap((photo) => askAboutPerson(model, photo).probes) });
      }
    }
  }
  return {
    probes: answered.flatMap(({ probes }) => probes),
    asked: [0.1, 0.01, 0.001].map((level) => askedRate(answered, level)),
    gallery: answered.map(({ model }) => model.people.length),
    recalibrations: answered.map(({ model: { recalibration: r } }) =>
      r ? `${r.scale.toFixed(2)} · odds ${r.offset < 0 ? '−' : '+'} ${Math.abs(r.offset).toFixed(2)}` : 'no',
    ),
  };
}

interface Answered {
  readonly model: PeopleModel;
  readonly probes: readonly PhotoProbe[];
}

/** The rates of strangers named that follow from a wanted one: each model takes the limit that training gave it. */
interface AskedRate {
  readonly level: number;
  /** The rate that the models promise: the wanted one, or the lowest that they could measure. */
  readonly kept: string;
  readonly named: Share | null;
  readonly right: Share | null;
}

function askedRate(answered: readonly Answered[], level: number): AskedRate {
  const given = answered.flatMap(({ model, probes }) => {
    const setting = settingFor(model.strangerRates!, level)!;
    return probes.map((probe) => ({ ...probe, setting }));
  });
  const kept = [...new Set(given.map(({ setting }) => setting.rate))].join(', ');
  const isNamed = ({ answer, setting }: (typeof given)[number]): boolean =>
    answer !== null && answer.probability >= setting.minProbability;
  const strangers = given.filter(({ enrolled, answer }) => !enrolled && answer !== null);
  const enrolled = given.filter((probe) => probe.enrolled);
  return {
    level,
    kept,
    named: shareOf(strangers, isNamed),
    right: shareOf(enrolled, (probe) => isNamed(probe) && probe.answer!.best === probe.subject),
  };
}

/** As fit/false-matches.ts measures them, on the people that the background was fitted on. */
async function referencePairs(
  of: readonly ReferencePhoto[],
  reported: readonly ReferencePhoto[],
  { scale, offset }: TwoCovariance,
): Promise<ReferencePairs> {
  const parts = halvesByName(of, 'again');
  const odds: number[] = [];
  for (const i of [0, 1]) {
    const known = facesToFitBeside(parts[1 - i]!, further, [...parts[i]!, ...reported]);
    const fitted = await fitTwoCovariance(known, chosenShrinkage, compute);
    for (const own of comparePairs(parts[i]!, { ...fitted, scale, offset }).different) odds.push(own);
  }
  const sorted = Float32Array.from(odds).toSorted();
  const levels = [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 5e-3, 2e-3, 1e-3, 5e-4, 2e-4, 1e-4, 5e-5, 2e-5];
  return {
    measuredOn: `${sorted.length} pairs of the other half`,
    rates: levels.map((rate) => [sorted[sorted.length - Math.ceil(rate * sorted.length)]!, rate]),
  };
}

interface Dealt {
  readonly lessons: readonly ChosenPhoto[];
  readonly questions: readonly ChosenPhoto[];
}

/** All people in one gallery, or as many to each as --people says. */
function galleriesOf(of: readonly ReferencePhoto[], enrolled: Enrolled): Dealt[] {
  if (values.people === undefined) return [dealt(of, enrolled)];
  const size = Number(values.people);
  const count = (person: string): number => of.filter((photo) => photo.person === person).length;
  const names = [...new Set(of.map(({ person }) => person))].filter(
    (person) => count(person) > (enrolled === 'uneven' ? 10 : enrolled),
  );
  return Array.from({ length: Math.min(2, Math.floor(names.length / size)) }, (_, g) => {
    const own = new Set(names.slice(g * size, (g + 1) * size));
    return dealt(
      of.filter(({ person }) => own.has(person)),
      enrolled,
    );
  });
}

/** By the hash of the photos, which has nothing to do with how good they are. */
function dealt(of: readonly ReferencePhoto[], enrolled: Enrolled): Dealt {
  const people = new Map<string, ChosenPhoto[]>();
  for (const photo of of.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1))) {
    people.set(photo.person, [...(people.get(photo.person) ?? []), labelled(photo)]);
  }
  const own = [...people.values()].map((list, i) => {
    const taught = enrolled === 'uneven' ? [1, 10][i % 2]! : enrolled;
    return { lessons: list.slice(0, taught), questions: list.slice(taught) };
  });
  return {
    lessons: own.flatMap(({ lessons }) => lessons).flatMap((photo) => lesson(photo) ?? []),
    questions: own.flatMap(({ questions }) => questions),
  };
}

/** As training gets it; a photo without a face teaches nothing. */
function lesson(photo: ChosenPhoto): ChosenPhoto | undefined {
  if (!values.middle) return photo.faces.length > 0 ? photo : undefined;
  return photo.choice ? { ...photo, faces: [photo.faces[photo.choice.face]!] } : undefined;
}

/** The face in the middle of a reference photo is the person's, whatever consensus would choose. */
function labelled(photo: ReferencePhoto): ChosenPhoto {
  const { central, nearest: _, ...rest } = photo;
  if (central === null) return { ...rest, choice: null };
  return { ...rest, choice: { face: rest.faces.indexOf(central), odds: 0, verdict: 'agrees' } };
}

/** Whole percents where they are wide, and more digits near 0 and 1. */
function shareCell(share: Share | null): string {
  return share === null ? '–' : `${percentage(share.value)} ${range(share)}, ${share.hits} of ${share.of}`;
}

function estimateCell(measured: Estimate | null | undefined): string {
  if (!measured) return '–';
  const { interval, value } = measured;
  return `${value.toFixed(3)}${interval ? ` (${interval.low.toFixed(3)} to ${interval.high.toFixed(3)})` : ''}`;
}
