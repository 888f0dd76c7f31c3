/** Labels that are taken for each other: a coloured table, or the worst pairs if a table would be too large to read. */

import type { Classification } from '../learn/measure/classification-metrics.ts';
import { percentage } from './evaluate-numbers.ts';
import { type Html, html } from './html.ts';
import { shown } from './words.ts';

export const confusionStyle = `
.confusion td, .confusion th { text-align: center; padding: 4px 8px; border: 1px solid var(--line); min-width: 40px }
.confusion th { max-width: 180px; overflow: hidden; text-overflow: ellipsis }
.confusion tr > th:first-child { text-align: right }
.confusion thead th { writing-mode: vertical-rl; transform: rotate(180deg); text-align: left; max-height: 180px; border: 0; padding: 8px 4px }
.confusion .none { color: transparent }
`;

/** A table with more labels than this is wider than a screen. */
const mostLabels = 20;
const mostPairs = 40;

export function confusion({ labels, confusion: counts }: Classification): Html {
  const names = labels.map(({ label }) => label);
  return names.length > mostLabels ? worstPairs(names, counts) : table(names, counts);
}

function table(names: readonly string[], counts: readonly (readonly number[])[]): Html {
  return html`<p>Rows are the right labels, columns the answers; the colour is the share of the row.</p>
<div class="scroll"><table class="confusion"><thead><tr><th></th>${names.map((name) => html`<th title="${shown(name)}">${shown(name)}</th>`)}</tr></thead>
${counts.map((row, i) => {
  const all = row.reduce((a, b) => a + b, 0);
  return html`<tr><th title="${shown(names[i]!)}">${shown(names[i]!)}</th>${row.map((n, j) => cell(n, all, i === j, `${names[i]!} called ${names[j]!}`))}</tr>`;
})}</table></div>`;
}

/** Strong enough to be seen at one in a hundred, weak enough that the number is read at all of them. */
function cell(n: number, all: number, right: boolean, what: string): Html {
  if (n === 0) return html`<td class="none">0</td>`;
  const strength = Math.round(12 + 53 * (n / all));
  return html`<td style="background: color-mix(in srgb, var(--${right ? 'known' : 'unknown'}) ${strength}%, transparent)" title="${shown(what)}: ${percentage(n / all)}">${n}</td>`;
}

function worstPairs(names: readonly string[], counts: readonly (readonly number[])[]): Html {
  const pairs = counts.flatMap((row, i) => {
    const all = row.reduce((a, b) => a + b, 0);
    return row.flatMap((n, j) => (n > 0 && i !== j ? [{ label: names[i]!, answer: names[j]!, n, all }] : []));
  });
  if (pairs.length === 0) return html`<p>Nothing was taken for anything else.</p>`;
  const worst = pairs.toSorted((a, b) => b.n - a.n || b.n / b.all - a.n / a.all).slice(0, mostPairs);
  return html`<p>${worst.length < pairs.length ? `The ${worst.length} worst of ${pairs.length} pairs` : 'All pairs'}, those that happened most often first.</p>
<div class="scroll"><table><tr><th>label</th><th>called</th><th>times</th><th>of the label</th></tr>
${worst.map(({ label, answer, n, all }) => html`<tr><td>${shown(label)}</td><td>${shown(answer)}</td><td>${n}</td><td>${percentage(n / all)}</td></tr>`)}
</table></div>`;
}
