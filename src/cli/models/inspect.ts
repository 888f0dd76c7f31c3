/** `whosin models inspect`: what a model file tells about itself. */

import { Command } from '@commander-js/extra-typings';
import { shown } from '../../report/words.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { out, print } from '../terminal/output.ts';
import { knownParts, withKnownOptions } from './known-options.ts';
import { because, detailsOf, formatNames } from './pack-text.ts';

/** As many labels as fit a line or two. */
const shownLabels = 10;

export function modelsInspectCommand(_run: Invocation): Command {
  const command = withKnownOptions(
    new Command('inspect')
      .description(
        'Show what a model file tells about itself: format, input, output, layers, labels, and how each is known.',
      )
      .argument('<file>', 'a model from elsewhere, or the folder of one'),
  )
    .option('--json', 'print one JSON object')
    .action(async (file, { labels, json = false, ...flags }) => {
      const { inspectModel } = await import('../../packs/inspect-model.ts');
      const { path, format, pack, output, layers } = await inspectModel(file, labels, knownParts(flags));
      const { input, scores, grounds } = pack;
      if (json) {
        print(
          JSON.stringify({
            schema: 1,
            file: path,
            format,
            input,
            output,
            layers,
            labels: scores?.labels ?? [],
            grounds,
          }),
        );
        return;
      }
      print(`${out.bold(shown(path))}: ${formatNames[format]}`);
      for (const line of detailsOf(pack).filter((each) => !/^ {2}(?:licence|bottleneck|scores)/.test(each)))
        print(line);
      print(`  scores      ${shown(output.node)}, ${output.logits ? 'logits' : 'probabilities'}`);
      const names = scores?.labels ?? [];
      const more = names.length > shownLabels ? ', …' : '';
      const list = names.slice(0, shownLabels).map(shown).join(', ');
      print(
        `  labels      ${names.length === 0 ? 'none' : `${names.length}${because(grounds?.labels)}: ${list}${more}`}`,
      );
      for (const [i, { node, size }] of layers.entries()) {
        print(`  ${i === 0 ? 'layers      ' : '            '}${shown(node)}, ${size} values`);
      }
    });
  return command as unknown as Command;
}
