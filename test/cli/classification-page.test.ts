import { describe, expect, test } from 'vitest';
import { sayClassification } from '../../src/cli/classify/classification-text.ts';
import { classification, type LabelledAnswer } from '../../src/learn/measure/classification-metrics.ts';
import { type ClassificationReport, classificationPage } from '../../src/report/classification-page.ts';
import { curveOfPoints } from '../../src/report/training-curve.ts';

const names = Array.from({ length: 25 }, (_, i) => `label-${i}`);

/** So many answers, every fifth of them wrong: called the next label. */
function answers(count: number, labels: number): LabelledAnswer[] {
  return Array.from({ length: count }, (_, i) => {
    const label = i % labels;
    const given = i % 5 === 0 ? (label + 1) % labels : label;
    const sure = 0.5 + (0.4 * i) / count;
    const probabilities = Array.from({ length: labels }, (__, j) =>
      j === given ? sure : (1 - sure) / (labels - 1),
    );
    return { path: `${label}/${i}.jpg`, label, probabilities };
  });
}

function report(
  count: number,
  labels: number,
  more: Partial<ClassificationReport> = {},
): ClassificationReport {
  const measured = classification(answers(count, labels), names.slice(0, labels));
  return { title: 't', headline: 'h', remarks: [], measured, skipped: [], ...more };
}

const gone = async (): Promise<undefined> => undefined;

describe('the page about a classification', () => {
  test('shows a coloured table of what is taken for what, up to twenty labels', async () => {
    const page = await classificationPage(report(60, 6), gone);
    expect(page).toContain('class="confusion"');
    expect(page).toContain('title="label-0 called label-1: 20.0 %">2</td>');
    expect(page).toContain('among the five likeliest');
  });

  test('and the worst pairs above that', async () => {
    const page = await classificationPage(report(100, 25), gone);
    expect(page).not.toContain('class="confusion"');
    expect(page).toContain('All pairs, those that happened most often first');
    expect(page).toContain('<tr><td>label-0</td><td>label-1</td><td>4</td><td>100 %</td></tr>');
  });

  test('shows the mistakes, the surest first, and says where the picture is gone', async () => {
    const page = await classificationPage(report(40, 4), gone);
    const shown = [...page.matchAll(/<small>(\d+\/\d+\.jpg)<\/small>/g)].map((match) => match[1]);
    expect(shown).toEqual([
      '3/35.jpg',
      '2/30.jpg',
      '1/25.jpg',
      '0/20.jpg',
      '3/15.jpg',
      '2/10.jpg',
      '1/5.jpg',
      '0/0.jpg',
    ]);
    expect(page).toContain('the photo is gone');
  });

  test('shows how training went, with the strength that was kept', async () => {
    const trial = (l2: number, loss: number) => ({
      l2,
      steps: 9,
      trainingAccuracy: 0.9,
      trainingCrossEntropy: 0.3,
      validationAccuracy: 0.8,
      validationCrossEntropy: loss,
    });
    const trials = [trial(10, 0.9), trial(1, 0.5), trial(0.1, 0.7)];
    const page = await classificationPage(report(10, 2, { curve: curveOfPoints(trials, trials[1]) }), gone);
    expect(page.match(/<svg/g)).toHaveLength(3);
    expect(page).toContain('<tr class="kept"><td>1</td>');
    expect(page).not.toContain('NaN');
  });

  test('without validation pictures, or with nothing measured, it is still a page', async () => {
    const trial = { l2: 0.1, steps: 9, trainingAccuracy: 1, trainingCrossEntropy: 0.01 };
    const once = await classificationPage({ ...report(0, 2), curve: curveOfPoints([trial], trial) }, gone);
    expect(once).toContain('No pictures were left to measure with.');
    const twice = curveOfPoints([trial, { ...trial, l2: 0.01 }], trial);
    expect(await classificationPage({ ...report(5, 2), curve: twice }, gone)).not.toMatch(
      /NaN|undefined|Infinity/,
    );
  });

  test('lists what was left out, with names written out safely', async () => {
    const skipped = [{ path: '<b>\u202e.jpg', reason: 'is empty (0 bytes)' }];
    const page = await classificationPage(report(5, 2, { skipped }), gone);
    expect(page).toContain('Left out: 1');
    expect(page).toContain('&lt;b&gt;\\u202e.jpg is empty');
  });
});

describe('the same on a terminal', () => {
  const text = (count: number, labels: number): string => {
    const lines: string[] = [];
    const measured = classification(answers(count, labels), names.slice(0, labels))!;
    sayClassification(measured, (line = '') => lines.push(line));
    return lines.join('\n');
  };

  test('lists every label of a few, and those most often missed of many', () => {
    expect(text(60, 6)).toMatch(/^ {2}label-5 +10 +80\.0 %/m);
    const many = text(100, 25);
    expect(many).toContain('The 20 labels most often missed, of 25');
    expect(many.match(/^ {2}label-\d+ /gm)).toHaveLength(20);
  });

  test('shows ten mistakes and counts the rest', () => {
    const said = text(100, 25);
    expect(said).toContain('Called wrongly: 20, the surest first');
    expect(said).toContain('and 10 more');
  });
});
