/** The words in which `whosin evaluate` reports on a terminal. */

import type { Evaluation } from '../../faces/evaluate/evaluation.ts';
import type { Mistake } from '../../faces/evaluate/evaluation-lists.ts';
import { estimate, level, share, tooFew } from '../../report/evaluate-numbers.ts';
import {
  count,
  type EvaluationSubject,
  headline,
  mostLines,
  probability,
  remarks,
  shown,
} from '../../report/words.ts';
import { out, print } from '../terminal/output.ts';

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
  print('\nEnrolled people named rightly, by the share of strangers named');
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

function row(label: string, value: string): void {
  print(`  ${label.padEnd(36)} ${value}`);
}
