import { expect, test } from 'vitest';
import { chart, chartStyle } from '../../src/report/evaluate-charts.ts';
import { html, image, page } from '../../src/report/html.ts';

// Axis labels were as small as 8 pixels there.
test('the letters of a chart can be read on a phone, 390 pixels wide', () => {
  const ticks = [0, 1].map((at) => ({ at, text: '0.25' }));
  const body = chart({ label: 'across', ticks }, { label: 'up', ticks }, html``);
  const small = /@media \(max-width: 480px\)([\s\S]*)/;
  const [, forPhones] = small.exec(chartStyle)!;
  const [, letters] = /\.chart \{ font-size: (\d+)px/.exec(forPhones!)!;
  const [, inFigure] = /figure \{ padding: (\d+)px/.exec(forPhones!)!;
  const [, atPhones] = /@media \(max-width: 480px\) \{ main \{ padding: \d+px (\d+)px/.exec(page('t', body))!;
  const [, drawn] = /viewBox="0 0 (\d+)/.exec(body.html)!;
  const wide = 390 - 2 * Number(atPhones) - 2 * Number(inFigure) - 2;
  expect((Number(letters) * wide) / Number(drawn)).toBeGreaterThan(11);
});

test('a picture has an alternative text, whatever it holds', () => {
  expect(image('data:,', 'Face of <Ann> & "Bo"').html).toBe(
    '<img src="data:," alt="Face of &lt;Ann&gt; &amp; &quot;Bo&quot;" loading="lazy">',
  );
});
