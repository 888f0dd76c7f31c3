/** `whosin retrain`: TensorFlow's retrain.py with its flags, its files and its numbers. */

import { Command } from '@commander-js/extra-typings';
import { changesPhotos } from '../../core/distort.ts';
import type { SgdStep } from '../../learn/layer/sgd.ts';
import type { ImageLists } from '../../pictures/retrain/image-lists.ts';
import type { Bottlenecks } from '../../pictures/retrain/read-bottlenecks.ts';
import { type RetrainOptions, retrain } from '../../pictures/retrain/retrain.ts';
import type { TestReport } from '../../pictures/retrain/retrain-report.ts';
import { count, shown } from '../../report/words.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { positive, wholeNumber } from '../terminal/numbers.ts';
import { err, note, print } from '../terminal/output.ts';
import { progressBar } from '../terminal/progress.ts';

export function retrainCommand(run: Invocation): Command {
  const command = new Command('retrain')
    .description(
      "TensorFlow's retrain.py: a new last layer for Inception v3 or MobileNet, as a TensorFlow graph.",
    )
    .requiredOption('--image_dir <folder>', 'folders of labelled photos')
    .option('--output_graph <file>', 'the trained graph', 'output_graph.pb')
    .option('--output_labels <file>', "the trained graph's labels", 'output_labels.txt')
    .option('--intermediate_output_graphs_dir <folder>', 'graphs from on the way', 'intermediate_graph')
    .option('--intermediate_store_frequency <n>', 'steps between them, 0 for none', wholeNumber(0), 0)
    .option('--summaries_dir <folder>', 'logs for TensorBoard', 'retrain_logs')
    .option('--how_many_training_steps <n>', 'training steps', wholeNumber(0), 4000)
    .option('--learning_rate <number>', 'how large each step is', positive, 0.01)
    .option(
      '--testing_percentage <percent>',
      'photos held out to test the result with',
      wholeNumber(0, 100),
      10,
    )
    .option(
      '--validation_percentage <percent>',
      'photos held out to watch the training with',
      wholeNumber(0, 100),
      10,
    )
    .option('--eval_step_interval <n>', 'steps between two looks at the result', wholeNumber(1), 10)
    .option('--train_batch_size <n>', 'photos that a step learns from', wholeNumber(1), 100)
    .option(
      '--test_batch_size <n>',
      'photos to test with, -1 for all that were held out',
      wholeNumber(-1),
      -1,
    )
    .option('--validation_batch_size <n>', 'photos to validate with, -1 for all', wholeNumber(-1), 100)
    .option('--print_misclassified_test_images', 'list the test photos that are named wrongly')
    .option('--model_dir <folder>', 'where the network lies', 'imagenet')
    .option('--bottleneck_dir <folder>', 'what the network said of each photo, as text files', 'bottleneck')
    .option('--final_tensor_name <name>', "the node of the graph's answer", 'final_result')
    .option('--flip_left_right', 'mirror every second training photo')
    .option('--random_crop <percent>', 'margin to crop off at random', wholeNumber(0, 100), 0)
    .option('--random_scale <percent>', 'how much to scale up at random', wholeNumber(0, 100), 0)
    .option(
      '--random_brightness <percent>',
      'how much to brighten or darken at random',
      wholeNumber(0, 100),
      0,
    )
    .option('--architecture <name>', 'the network, of those below', 'inception_v3')
    .option('--seed <n>', 'another number gives another draw of photos and first weights', wholeNumber(0), 0)
    .option('--json', 'print the result as one JSON object, the steps on standard error')
    .addHelpText('after', help)
    .action(async (flags) => {
      const say = flags.json ? note : print;
      const bar = progressBar('Reading photos');
      const options: RetrainOptions = {
        imageDir: flags.image_dir,
        architecture: flags.architecture,
        modelDir: flags.model_dir,
        bottleneckDir: flags.bottleneck_dir,
        summariesDir: flags.summaries_dir,
        percentages: { testing: flags.testing_percentage, validation: flags.validation_percentage },
        distortions: {
          flip: flags.flip_left_right ?? false,
          crop: flags.random_crop,
          scale: flags.random_scale,
          brightness: flags.random_brightness,
        },
        steps: flags.how_many_training_steps,
        learningRate: flags.learning_rate,
        batchSize: flags.train_batch_size,
        validationBatchSize: flags.validation_batch_size,
        testBatchSize: flags.test_batch_size,
        evaluationInterval: flags.eval_step_interval,
        seed: flags.seed,
        outputGraph: flags.output_graph,
        outputLabels: flags.output_labels,
        finalTensorName: flags.final_tensor_name,
        intermediate: {
          frequency: flags.intermediate_store_frequency,
          folder: flags.intermediate_output_graphs_dir,
        },
        now: () => Date.now() / 1000,
      };
      const report = await retrain(options, run.config, {
        onLists: sayLists,
        onPhoto: (now, total) => bar.update(now, total),
        onBottlenecks: (bottlenecks, gaps) => {
          bar.stop();
          sayBottlenecks(bottlenecks, gaps);
          if (changesPhotos(options.distortions)) sayDistortions(options);
        },
        onStep: (step) => sayStep(step, say),
      }).finally(() => bar.stop());
      sayTest(report.test, flags.print_misclassified_test_images ?? false, say);
      note(`Wrote ${shown(flags.output_graph)} and ${shown(flags.output_labels)}.`);
      const { output_graph: outputGraph, output_labels: outputLabels } = flags;
      if (flags.json) print(JSON.stringify({ schema: 1, outputGraph, outputLabels, ...report }));
      if (report.skipped.length > 0) run.done(1);
    });
  return command;
}

const help = `
The flags are those of retrain.py in TensorFlow 1.0 to 1.8, with its defaults; what it writes below /tmp goes into
the current folder here. Networks are inception_v3 and mobilenet_<1.0|0.75|0.50|0.25>_<224|192|160|128>[_quantized],
looked for in --model_dir (<model_dir>/classify_image_graph_def.pb, <model_dir>/mobilenet_v1_0.25_224/frozen_graph.pb),
then among the models that were pulled.

Examples:
  whosin retrain --image_dir flower_photos --architecture mobilenet_0.25_224 --model_dir models
  whosin retrain --image_dir flower_photos --output_graph retrained_graph.pb --output_labels retrained_labels.txt \\
    --bottleneck_dir bottlenecks --how_many_training_steps 500 --print_misclassified_test_images
  tensorboard --logdir retrain_logs`;

function sayLists({ lists, warnings }: ImageLists): void {
  for (const { folder, photos } of lists) note(`${shown(folder)}: ${count(photos.length, 'photo')}`);
  for (const warning of warnings) note(err.yellow(`WARNING: ${shown(warning)}`));
}

function sayBottlenecks({ photos, skipped, computed }: Bottlenecks, gaps: readonly string[]): void {
  note(`${count(photos.length, 'bottleneck')}: ${computed} computed, ${photos.length - computed} from files`);
  for (const { reason } of skipped) note(err.yellow(`left out: ${shown(reason)}`));
  for (const gap of gaps) note(err.yellow(`WARNING: ${shown(gap)}`));
}

function sayDistortions({ steps, batchSize }: RetrainOptions): void {
  note(`Photos are distorted anew for every step: the network runs ${steps * batchSize} times.`);
}

function sayStep({ step, evaluation }: SgdStep, say: (text: string) => void): void {
  if (evaluation === undefined) return;
  const { training, validation } = evaluation;
  say(`Step ${step}: Train accuracy = ${tenths(training.accuracy)}`);
  say(`Step ${step}: Cross entropy = ${training.crossEntropy.toFixed(6)}`);
  if (validation === undefined) return;
  say(`Step ${step}: Validation accuracy = ${tenths(validation.accuracy)} (N=${validation.examples})`);
}

function sayTest(
  { photos, accuracy, misclassified }: TestReport,
  list: boolean,
  say: (text: string) => void,
): void {
  if (accuracy !== null) say(`Final test accuracy = ${tenths(accuracy)} (N=${photos})`);
  if (!list) return;
  say('=== MISCLASSIFIED TEST IMAGES ===');
  for (const { path, answer, runnerUp } of misclassified) {
    const scores = `${answer.label} ${answer.score.toFixed(2)}, then ${runnerUp.label} ${runnerUp.score.toFixed(2)}`;
    say(`${shown(path).padStart(70)}  ${scores}`);
  }
}

/** As retrain.py writes it, 91.2%. */
function tenths(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
