/** What `whosin evaluate` says on a terminal. */

import type { Evaluation } from '../../faces/evaluate/evaluation.ts';
import type { Mistake } from '../../faces/evaluate/evaluation-lists.ts';
import { estimate, level, share, tooFew } from '../../report/evaluate-numbers.ts';
import { count, out, print, probability, shown } from '../terminal/output.ts';

export interface EvaluationSubject {
  readonly folder: string;
  readonly model?: string | undefined;
}

/** Longer lists are in the page and in the JSON. */
const mostLines = 10;

export function sayEvaluation(report: Evaluation, subject: EvaluationSubject): void {
  const { enrolled, strangers, setting, identification, suggested } = report;
  print(out.bold(headline(report, subject)));
  for (const remark of remarks(report)) print(out.yellow(remark));
  print();
  row('face found', share(report.detection));
  print(
    `\nEnrolled people: ${count(enrolled.photos, 'photo')} of ${count(enrolled.people, 'person', 'people')}`,
  );
  row(`right name, given from ${setting.minProbability} up`, share(enrolled.right));
  row('wrong name', share(enrolled.wrong));
  row('called unknown', share(enrolled.unknown));
  row('no face found', share(enrolled.noFace));
  row('likeliest name is right (rank-1)', share(enrolled.rankOne));
  print(`\nStrangers: ${count(strangers.faces, 'face')} of ${count(strangers.people, 'person', 'people')}`);
  row(`given a name, from ${setting.minProbability} up`, share(strangers.named, 'no strangers'));
  print('\nEnrolled people named rightly where strangers are named');
  for (const { level: most, rate } of identification)
    row(`in at most ${level(most)}`, share(rate, tooFew(most)));
  print('\nProbabilities');
  row('calibration error of names', estimate(report.calibration.names?.error));
  row('calibration error of "unknown"', estimate(report.calibration.unknown?.error));
  row('log loss, enrolled people', estimate(report.logLoss.enrolled));
  row('log loss, strangers', estimate(report.logLoss.strangers));
  if (suggested) {
    print(
      `\nSuggested: ${out.bold(`--min-probability ${suggested.minProbability}`)}, the lowest that names at most ${level(setting.maxWrong)} of these strangers`,
    );
    row('strangers named', share(suggested.strangersNamed));
    row('right name', share(suggested.enrolled.right));
    row('wrong name', share(suggested.enrolled.wrong));
  } else print(`\nNo setting is suggested: ${tooFew(setting.maxWrong)}`);
  sayLists(report);
}

function sayLists({
  wrongNames,
  namedStrangers,
  noFace,
  likelyWrong,
  calledUnknown,
  skipped,
}: Evaluation): void {
  const mistake = ({ path, subject, given, probability: p }: Mistake): string =>
    `${path}: is ${subject}, named ${given} (${probability(p)})`;
  list('Given a wrong name', wrongNames.map(mistake));
  list(
    'Strangers given a name',
    namedStrangers.map(({ path, given, probability: p }) => `${path}: named ${given} (${probability(p)})`),
  );
  list(
    'Called unknown',
    calledUnknown.map(({ path, person, probability: p }) => `${path}: is ${person} (${probability(p)})`),
  );
  list('No face found', noFace);
  list(
    'Likely wrong labels, counted as labelled',
    likelyWrong.map(
      ({ path, person, looksLike }) =>
        `${path}: does not look like ${person}${looksLike === undefined ? '' : `, but like ${looksLike}`}`,
    ),
  );
  list(
    'Left out',
    skipped.map(({ path, reason }) => `${path} ${reason}`),
  );
}

function list(title: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  print(`\n${out.yellow(`${title}: ${lines.length}`)}`);
  for (const line of lines.slice(0, mostLines)) print(`  ${shown(line)}`);
  if (lines.length > mostLines) print(`  and ${lines.length - mostLines} more: see --json or -o report.html`);
}

/** What was measured, in one line. */
export function headline(
  { photos, protocol, enrolled, strangers }: Evaluation,
  { folder, model }: EvaluationSubject,
): string {
  const what = `${shown(folder)}: ${count(photos, 'photo')}, ${count(enrolled.people, 'enrolled person', 'enrolled people')}, ${count(strangers.people, 'stranger')}`;
  if (protocol.kind === 'model') return `${what}, asked of ${shown(model ?? '')}`;
  const left = protocol.strangers === 'left-out' ? ', each person left out once to be a stranger' : '';
  return `${what}, cross-validated in ${protocol.parts} parts${left}`;
}

/** What a reader has to know before believing the numbers. */
export function remarks({ strangerFolders, taught, alone, strangers, others }: Evaluation): string[] {
  const said: string[] = [];
  if (taught.length > 0)
    said.push(`${count(taught.length, 'photo')} left out: the model was trained with them.`);
  if (strangerFolders.length > 0)
    said.push(`Not in the model, so counted as strangers: ${names(strangerFolders)}.`);
  if (alone.length > 0)
    said.push(`Asked about only as strangers, for want of a second photo: ${names(alone)}.`);
  if (strangers.faces === 0)
    said.push(
      'No strangers: how often they are given a name, and calibration, cannot be told. Add photos of people who were never taught (--strangers DIR).',
    );
  if (others.faces > 0)
    said.push(
      `${count(others.faces, 'other face')} beside the labelled ones: ${others.named.length} named, right or wrong cannot be told.`,
    );
  return said;
}

function names(all: readonly string[]): string {
  const some = all.slice(0, mostLines).map(shown).join(', ');
  return all.length > mostLines ? `${some} and ${all.length - mostLines} more` : some;
}

function row(label: string, value: string): void {
  print(`  ${label.padEnd(36)} ${value}`);
}
