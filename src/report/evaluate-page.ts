/** The page that `whosin evaluate -o` writes: the numbers, and every mistake to look at. */

import { basename } from 'node:path';
import type { Evaluation } from '../faces/evaluate/evaluation.ts';
import type { FacePlace, Mistake } from '../faces/evaluate/evaluation-lists.ts';
import type { Calibration } from '../learn/measure/calibration-metrics.ts';
import type { Estimate, Share } from '../learn/measure/intervals.ts';
import { chartStyle, detChart, reliabilityDiagram } from './evaluate-charts.ts';
import { level, percentage, range, tooFew } from './evaluate-numbers.ts';
import type { Pictures } from './evaluate-pictures.ts';
import { type Html, html, image, page } from './html.ts';
import { count, type EvaluationSubject, headline, probability, remarks, shown } from './words.ts';

/** A page with thousands of pictures opens in no browser; the rest is in the JSON. */
const mostPictures = 60;

export const reportStyle = `
.stats { display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); margin: 12px 0 }
.stat { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 12px 16px }
.stat b { display: block; font-size: 1.7rem; line-height: 1.2; letter-spacing: -0.02em; font-variant-numeric: tabular-nums }
.stat span, .stat small { display: block; color: var(--soft); font-size: 0.85rem }
h3 { margin: 24px 0 4px; font-size: 1.05rem }
.scroll { overflow-x: auto }
table { border-collapse: collapse; font-size: 0.92rem; font-variant-numeric: tabular-nums; margin: 8px 0 16px }
th, td { padding: 5px 14px 5px 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap }
th:first-child, td:first-child { text-align: left } th { color: var(--soft); font-weight: 500 }
.faces { display: flex; flex-wrap: wrap; gap: 12px; margin: 8px 0 16px }
.faces > div { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 10px; max-width: 232px }
.faces .pair { display: flex; gap: 8px } .faces img { height: 96px; width: auto; border-radius: 8px }
.faces .none { width: 96px; height: 96px; border: 1px dashed var(--line); border-radius: 8px; color: var(--soft);
  font-size: 0.75rem; display: grid; place-items: center; text-align: center; padding: 4px }
.faces small { display: block; color: var(--soft); font-size: 0.8rem; overflow-wrap: anywhere; margin-top: 4px }
.remarks { color: var(--unknown); list-style: none; padding: 0; margin: 0 }
`;

export async function evaluationPage(
  report: Evaluation,
  subject: EvaluationSubject,
  pictures: Pictures,
): Promise<string> {
  const { enrolled, strangers, setting, identification, suggested, logLoss, calibration } = report;
  const { minProbability } = setting;
  return page(
    `whosin: how right are the answers about ${shown(basename(subject.folder))}?`,
    html`
<h1>How right are the answers?</h1>
<p>${headline(report, subject)}. In brackets: the interval that holds the true value in 95 of 100 such measurements.</p>
<ul class="remarks">${remarks(report).map((remark) => html`<li>${remark}</li>`)}</ul>

<h2>People who were taught</h2>
<p>${count(enrolled.photos, 'photo')} of ${count(enrolled.people, 'person', 'people')}; a name is given from a probability of ${minProbability} up.</p>
<div class="stats">
${stat('right name', enrolled.right)}${stat('wrong name', enrolled.wrong)}${stat('called unknown', enrolled.unknown)}
${stat('no face found', enrolled.noFace)}${stat('likeliest name is right (rank-1)', enrolled.rankOne)}${stat('face found, all photos', report.detection)}
</div>

<h2>Strangers</h2>
<p>${count(strangers.faces, 'face')} of ${count(strangers.people, 'person', 'people')} whom the model cannot name.</p>
<div class="stats">${stat('given a name', strangers.named)}</div>
<div class="scroll"><table><tr><th>where strangers are named in at most</th><th>enrolled people named rightly</th><th></th><th>names given above</th></tr>
${identification.map(({ level: most, rate, above }) => html`<tr><td>${level(most)}</td><td>${rate ? percentage(rate.value) : '–'}</td><td>${rate ? `${range(rate)} ${rate.hits} of ${rate.of}` : tooFew(most)}</td><td>${above === null ? '' : limit(above)}</td></tr>`)}
</table></div>
${suggested ? html`<p>Suggested: <code>--min-probability ${suggested.minProbability}</code>, the lowest that names at most ${level(setting.maxWrong)} of these strangers${suggested.interval ? ` (on other strangers it would lie between ${limit(suggested.interval.low)} and ${limit(suggested.interval.high)})` : ''}: ${sentence('strangers named', suggested.strangersNamed)}, ${sentence('right name', suggested.enrolled.right)}, ${sentence('wrong name', suggested.enrolled.wrong)}.</p>` : html`<p>No setting is suggested: ${tooFew(setting.maxWrong)}.</p>`}

<h2>Probabilities</h2>
<p>About ninety of a hundred answers at 0.9 should be right. Marks on the dashed line are; each carries the same weight, with enrolled people and strangers weighted to the share of strangers that the probabilities are meant for (${level(calibration.strangers)}).</p>
<div class="stats">${number('calibration error of names', calibration.names?.error)}${number('calibration error of “unknown”', calibration.unknown?.error)}${number('log loss, enrolled people', logLoss.enrolled)}${number('log loss, strangers', logLoss.strangers)}</div>
<div class="charts">
${calibrationFigure('Names', calibration.names, 'known', 'share that was right')}${calibrationFigure('“Unknown”', calibration.unknown, 'unknown', 'share that were strangers')}
${report.det.length > 1 ? html`<figure>${detChart(report.det, minProbability)}<figcaption>The trade-off: the stricter the setting, the fewer strangers are named and the more people are missed. ${strangers.named && strangers.named.hits > 0 ? `The mark is the setting of ${minProbability}.` : `At ${minProbability} no stranger is named: that lies beyond the left end.`}</figcaption></figure>` : html``}
</div>

${await section('Given a wrong name', 'The mistaken face, and the face of the person it was taken for that is most like it.', report.wrongNames, (m) => mistakeCard(m, pictures))}
${await section('Strangers given a name', 'The stranger, and the face of the person they were taken for that is most like it.', report.namedStrangers, (m) => mistakeCard(m, pictures))}
${await section('Called unknown', 'Enrolled people whose name was not likely enough.', report.calledUnknown, ({ person, probability: p, ...place }) => faceCard(place, `is ${person}`, `probability ${probability(p)}`, pictures))}
${await section('Likely wrong labels', 'These faces do not agree with the other photos of their folder. They count as they are labelled: look, and move them if the label is wrong.', report.likelyWrong, ({ person, looksLike, ...place }) => faceCard(place, `labelled ${person}`, looksLike === undefined ? '' : `looks like ${looksLike}`, pictures))}
${await section('No face found', 'They count as mistakes.', report.noFace, async (path) => html`<div>${picture(await pictures.photo(path), `Photo ${shown(path)}`)}<small>${shown(path)}</small></div>`)}

<h2>Each person</h2>
<div class="scroll"><table><tr><th>person</th><th>photos</th><th>right</th><th></th><th></th><th>wrong</th><th>unknown</th><th>no face</th></tr>
${report.perPerson.map((row) => html`<tr><td>${shown(row.person)}</td><td>${row.photos}</td><td>${row.right}</td><td>${percentage(row.right / row.photos)}</td><td>${range(row)}</td><td>${row.wrong}</td><td>${row.unknown}</td><td>${row.noFace}</td></tr>`)}
</table></div>
${report.skipped.length > 0 ? html`<h2>Left out</h2><ul>${report.skipped.map(({ path, reason }) => html`<li>${shown(`${path} ${reason}`)}</li>`)}</ul>` : html``}
`,
    chartStyle + reportStyle,
  );
}

async function section<T>(
  title: string,
  about: string,
  items: readonly T[],
  card: (item: T) => Promise<Html>,
): Promise<Html> {
  if (items.length === 0) return html``;
  const cards: Html[] = [];
  for (const item of items.slice(0, mostPictures)) cards.push(await card(item));
  const rest =
    items.length > mostPictures ? ` The first ${mostPictures} of ${items.length}; all are in the JSON.` : '';
  return html`<h2>${title}: ${items.length}</h2><p>${about}${rest}</p><div class="faces">${cards}</div>`;
}

async function mistakeCard(mistake: Mistake, pictures: Pictures): Promise<Html> {
  const { subject, given, probability: p, takenFor, path } = mistake;
  const other = takenFor
    ? picture(await pictures.face(takenFor), `Face of ${shown(given)} in ${shown(takenFor.path)}`)
    : html`<div class="none">no photo of ${shown(given)} here</div>`;
  return html`<div><div class="pair">${picture(await pictures.face(mistake), `Face of ${shown(basename(subject))} in ${shown(path)}`)}${other}</div><b>${shown(basename(subject))}</b> → <b>${shown(given)}</b> ${probability(p)}<small>${shown(path)}</small>${takenFor ? html`<small>${shown(takenFor.path)}</small>` : html``}</div>`;
}

async function faceCard(place: FacePlace, title: string, detail: string, pictures: Pictures): Promise<Html> {
  return html`<div>${picture(await pictures.face(place), `Face in ${shown(place.path)}: ${shown(title)}`)}<b>${shown(title)}</b> ${shown(detail)}<small>${shown(place.path)}</small></div>`;
}

export function picture(address: string | undefined, alternative: string): Html {
  return address === undefined
    ? html`<div class="none">the photo is gone</div>`
    : image(address, alternative);
}

function calibrationFigure(
  title: string,
  calibration: Calibration | null,
  tone: 'known' | 'unknown',
  label: string,
): Html {
  if (!calibration) return html``;
  return html`<figure>${reliabilityDiagram(calibration, tone, label)}<figcaption>${title}: ${calibration.bins.length} bins, lines show 95 % intervals.</figcaption></figure>`;
}

export function stat(label: string, share: Share | null): Html {
  return share
    ? html`<div class="stat"><span>${label}</span><b>${percentage(share.value)}</b><small>${range(share)} ${share.hits} of ${share.of}</small></div>`
    : html`<div class="stat"><span>${label}</span><b>–</b><small>nothing to measure it on</small></div>`;
}

export function number(label: string, estimate: Estimate | null | undefined): Html {
  if (!estimate)
    return html`<div class="stat"><span>${label}</span><b>–</b><small>needs enrolled people and strangers</small></div>`;
  const { value, interval, of } = estimate;
  return html`<div class="stat"><span>${label}</span><b>${value.toFixed(3)}</b><small>${interval ? `(${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}) ` : ''}${of} answers</small></div>`;
}

function sentence(label: string, share: Share | null): string {
  return `${label} ${share ? `${percentage(share.value)} ${range(share)}` : 'cannot be told'}`;
}

/** A threshold close to 1 needs more digits than others. */
function limit(p: number): string {
  return p > 0.99 ? p.toPrecision(6) : p.toFixed(3);
}
