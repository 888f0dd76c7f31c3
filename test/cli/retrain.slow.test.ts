import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { resizeBilinear } from '../../src/core/bilinear-resize.ts';
import type { Head } from '../../src/learn/layer/head.ts';
import { measure } from '../../src/learn/layer/labelled-vectors.ts';
import { type GraphDef, GraphDefSchema } from '../../src/models/graph/tensorflow_pb.ts';
import type { PicturePack } from '../../src/models/picture-pack.ts';
import { parseBottleneck } from '../../src/pictures/retrain/bottleneck-files.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { openPictureNetwork } from '../../src/runtime/picture-network.ts';
import { openTensorFlowJs } from '../models/graph/tensorflow/tensorflow-js.ts';
import { decodeEvents } from '../pictures/tensorboard/event-decoder.ts';
import { writeToyMobilenet } from '../pictures/toy-mobilenet.ts';
import { writeColours } from '../pictures/toy-pictures.ts';
import { describeWithSharedData, sharedData } from '../shared-data.ts';
import { sharedFolder } from '../shared-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { setUpCalls } from './call-whosin.ts';
import type { Run } from './whosin.ts';

const whosin = setUpCalls();
const shared = sharedFolder();
const colours = { Dark_Red: [120, 40, 40], green: [60, 150, 60] } as const;

beforeAll(async () => {
  await writeToyMobilenet(join(shared.path, 'models'));
  await writeColours(join(shared.path, 'photos'), colours, 30);
});

/** A folder with links to the toy network and the photos of colours. */
async function workplace(): Promise<string> {
  const cwd = await temporaryFolder();
  await symlink(join(shared.path, 'models'), join(cwd, 'models'));
  await symlink(join(shared.path, 'photos'), join(cwd, 'photos'));
  return cwd;
}

const basic = '--image_dir photos --model_dir models --architecture mobilenet_0.25_128'.split(' ');

function retrain(cwd: string, ...more: readonly string[]): Promise<Run> {
  return whosin(['retrain', ...basic, '--how_many_training_steps', '30', ...more], { cwd });
}

describe('whosin retrain', () => {
  test('has help with examples, in lines of at most 120 columns', async () => {
    const { status, stdout } = await whosin(['retrain', '--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('Examples:');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  });

  test("prints the tutorial's lines, and writes graph, labels, bottlenecks and logs", async () => {
    const cwd = await workplace();
    const { status, stdout, stderr } = await retrain(cwd, '--print_misclassified_test_images');
    expect(stderr).toContain('60 bottlenecks: 60 computed, 0 from files');
    expect(status).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines.filter((line) => line.startsWith('Step 10:'))).toEqual([
      expect.stringMatching(/^Step 10: Train accuracy = \d+\.\d%$/),
      expect.stringMatching(/^Step 10: Cross entropy = \d+\.\d{6}$/),
      expect.stringMatching(/^Step 10: Validation accuracy = \d+\.\d% \(N=100\)$/),
    ]);
    expect(lines.filter((line) => line.includes('Train accuracy')).map((line) => line.split(':')[0])).toEqual(
      ['Step 0', 'Step 10', 'Step 20', 'Step 29'],
    );
    expect(lines).toContainEqual(expect.stringMatching(/^Final test accuracy = \d+\.\d% \(N=\d+\)$/));
    expect(lines).toContain('=== MISCLASSIFIED TEST IMAGES ===');
    expect(await readFile(join(cwd, 'output_labels.txt'), 'utf8')).toBe('dark red\ngreen\n');
    const kept = await readdir(join(cwd, 'bottleneck', 'Dark_Red'));
    expect(kept).toContain('0.png_mobilenet_0.25_128.txt');
    expect((await readdir(cwd)).toSorted()).toEqual(
      ['bottleneck', 'models', 'output_graph.pb', 'output_labels.txt', 'photos', 'retrain_logs'].toSorted(),
    );
  });

  test('the graph that it writes gives, in TensorFlow.js, what its head gives for the bottlenecks', async () => {
    const cwd = await workplace();
    await retrain(cwd, '--final_tensor_name', 'answer');
    const graph = fromBinary(GraphDefSchema, await readFile(join(cwd, 'output_graph.pb')));
    expect(graph.node.at(-1)).toMatchObject({ name: 'answer', op: 'Softmax' });
    expect(graph.node.map(({ name }) => name)).not.toContain('MobilenetV1/Predictions/Softmax');
    const path = join(cwd, 'photos', 'green', '3.png');
    const photo = (await decodePhoto(await readFile(path), path)).image;
    const values = Float32Array.from(resizeBilinear(photo, 128, 128).data, (v) => v / 127.5 - 1);
    const reference = await (await openTensorFlowJs('cpu')).openGraph(graph);
    const outputs = ['MobilenetV1/Predictions/Reshape', 'answer'];
    const [bottleneck, answer] = reference.run({ input: { shape: [1, 128, 128, 3], values } }, outputs);
    reference.close();
    const text = await readFile(join(cwd, 'bottleneck', 'green', '3.png_mobilenet_0.25_128.txt'), 'utf8');
    const kept = parseBottleneck(text, 1001)!;
    for (const [i, value] of kept.entries()) expect(bottleneck!.values[i]).toBeCloseTo(value, 4);
    const { probabilities } = measure(headIn(graph), { inputs: [kept], labels: [1] });
    expect(probabilities[1]).toBeGreaterThan(0.5);
    expect([...answer!.values]).toEqual(Array.from(probabilities, (p): unknown => expect.closeTo(p, 5)));
  });

  test('the same seed gives the same bytes, with bottlenecks from files as well', async () => {
    const cwd = await workplace();
    const graph = (): Promise<Buffer> => readFile(join(cwd, 'output_graph.pb'));
    const first = await retrain(cwd, '--seed', '7');
    const bytes = await graph();
    const again = await retrain(cwd, '--seed', '7');
    expect(again.stderr).toContain('0 computed, 60 from files');
    expect(again.stdout).toBe(first.stdout);
    expect(bytes.equals(await graph())).toBe(true);
    await retrain(cwd, '--seed', '8');
    expect(bytes.equals(await graph())).toBe(false);
  });

  test('logs every step for training and every look for validation, and the graph', async () => {
    const cwd = await workplace();
    await retrain(cwd, '--summaries_dir', 'logs');
    const read = async (part: string): Promise<ReturnType<typeof decodeEvents>> => {
      const files = await readdir(join(cwd, 'logs', part));
      expect(files).toEqual([expect.stringMatching(/^events\.out\.tfevents\.\d{10}\.whosin$/)]);
      return decodeEvents(await readFile(join(cwd, 'logs', part, files[0]!)));
    };
    const [training, validation] = [await read('train'), await read('validation')];
    expect(training.slice(2).map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(validation.slice(1).map(({ step }) => step)).toEqual([0, 10, 20, 29]);
    const outline = fromBinary(GraphDefSchema, training[1]!.graph!);
    expect(outline.node.map(({ name }) => name)).toContain('final_result');
    const last = validation.at(-1)!.values;
    expect(last.find(({ tag }) => tag === 'accuracy_1')!.scalar).toBeGreaterThan(0.8);
    expect(last.find(({ tag }) => tag === 'activations')!.histogram!.num).toBe(200);
    const weights = last.find(({ tag }) => tag === 'final_training_ops/weights/summaries/histogram')!;
    expect(weights.histogram!.num).toBe(2002);
    // A second run takes the place of the first, and of nothing else.
    await writeFile(join(cwd, 'logs', 'train', 'events.out.tfevents.1.somebody'), 'x');
    await retrain(cwd, '--summaries_dir', 'logs');
    expect(await readdir(join(cwd, 'logs', 'train'))).toHaveLength(2);
  });

  test('stores the graph on the way, and takes distortions', async () => {
    const cwd = await workplace();
    const { status, stderr, stdout } = await retrain(
      cwd,
      ...'--how_many_training_steps 7 --train_batch_size 4 --intermediate_store_frequency 3'.split(' '),
      ...'--flip_left_right --random_crop 10 --random_scale 10 --random_brightness 10'.split(' '),
    );
    expect(status).toBe(0);
    expect(stderr).toContain('the network runs 28 times');
    expect(stdout).toContain('Step 6: Train accuracy');
    expect((await readdir(join(cwd, 'intermediate_graph'))).toSorted()).toEqual([
      'intermediate_3.pb',
      'intermediate_6.pb',
    ]);
  });

  test('a damaged bottleneck file is computed again, a foreign one is believed', async () => {
    const cwd = await workplace();
    await retrain(cwd);
    const file = (n: number): string => join(cwd, `bottleneck/green/${n}.png_mobilenet_0.25_128.txt`);
    const before = await readFile(file(0), 'utf8');
    await writeFile(file(0), before.slice(0, 1000));
    await writeFile(file(1), Array<string>(1001).fill('1e-05').join(','));
    expect((await retrain(cwd)).stderr).toContain('1 computed, 59 from files');
    expect(await readFile(file(0), 'utf8')).toBe(before);
    await utimes(file(1), 1000, 1000);
    expect((await retrain(cwd)).stderr).toContain('1 computed, 59 from files');
  });
});

describe('input that is not as it should be', () => {
  test('a bad photo is reported and the rest goes on: status 1, with --json too', async () => {
    const cwd = await workplace();
    await rm(join(cwd, 'photos'));
    await writeColours(join(cwd, 'photos'), colours, 25);
    await writeFile(join(cwd, 'photos', 'green', 'bad.jpg'), 'not a photo');
    const { status, stdout, stderr } = await retrain(cwd, '--json');
    expect(stderr).toContain('bad.jpg is not a photo');
    expect(stderr).toContain('Step 29: Train accuracy');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      outputGraph: 'output_graph.pb',
      outputLabels: 'output_labels.txt',
      labels: ['dark red', 'green'],
      photos: 50,
      skipped: [{ path: 'photos/green/bad.jpg' }],
      test: { accuracy: expect.any(Number) as number },
    });
  });

  test('nothing held out: no figures of it, a warning, and a graph all the same', async () => {
    const cwd = await workplace();
    const { status, stdout, stderr } = await retrain(
      cwd,
      ...'--testing_percentage 0 --validation_percentage 0'.split(' '),
    );
    expect(stderr).toContain('WARNING: No photo was held out for validation');
    expect(stderr).toContain('WARNING: No photo was held out for testing');
    expect(stdout).not.toMatch(/Validation|Final/);
    expect(status).toBe(0);
    expect(await readdir(cwd)).toContain('output_graph.pb');
  });

  test.each<[what: string, flags: string, said: RegExp, status: number]>([
    ['everything held out', '--testing_percentage 100', /has no photo to train on: all of its 30 photos/, 1],
    ['a network that is not there', '--architecture inception_v3', /whosin models pull inception-v3/, 1],
    ['an architecture that is none', '--architecture resnet', /no architecture "resnet"/, 2],
    ['a name that is taken', '--final_tensor_name input', /has a node "input" already/, 2],
    ['a folder that is not there', '--image_dir nowhere', /Cannot read the image directory nowhere/, 1],
    ['no number', '--learning_rate fast', /Give a number above 0/, 2],
    ['steps that are too large', '--learning_rate 1e40', /Lower the learning rate \(1e\+40\)/, 1],
    ['a share that is none', '--testing_percentage 101', /Give a whole number from 0 to 100/, 2],
    ['a graph that cannot be written', '--output_graph models', /Cannot write models/, 1],
    ['a photo in its place', '--output_graph mine.png', /mine\.png exists and is not a TensorFlow graph/, 1],
    ['notes in place of the labels', '--output_labels mine.txt', /mine\.txt exists and is not a list/, 1],
  ])('%s: a sentence, and no graph', async (_, flags, said, wanted) => {
    const cwd = await workplace();
    for (const mine of ['mine.png', 'mine.txt']) await writeFile(join(cwd, mine), 'My own, by me.\n');
    const { status, stderr } = await retrain(cwd, ...flags.split(' '));
    expect(stderr).toMatch(said);
    expect(status).toBe(wanted);
    for (const mine of ['mine.png', 'mine.txt']) {
      expect(await readFile(join(cwd, mine), 'utf8')).toBe('My own, by me.\n');
    }
    expect(await readdir(cwd)).not.toContain('output_graph.pb');
  });

  test('a network that was cut off: a sentence', async () => {
    const cwd = await workplace();
    const whole = await readFile(join(shared.path, 'models/mobilenet_v1_0.25_128/frozen_graph.pb'));
    await mkdir(join(cwd, 'cut/mobilenet_v1_0.25_128'), { recursive: true });
    await writeFile(join(cwd, 'cut/mobilenet_v1_0.25_128/frozen_graph.pb'), whole.subarray(0, 5000));
    const { status, stderr } = await retrain(cwd, '--model_dir', 'cut');
    expect(stderr).toMatch(/error: .*frozen_graph\.pb is not a frozen TensorFlow graph/);
    expect(status).toBe(1);
  });
});

describeWithSharedData('on photos of ants and bees', () => {
  test('mobilenet_0.25_128 is retrained, and its graph names photos that it has not seen', async () => {
    const cwd = await temporaryFolder();
    for (const label of ['ants', 'bees']) {
      const from = sharedData('images/hymenoptera/train', label);
      await mkdir(join(cwd, 'photos', label), { recursive: true });
      for (const file of (await readdir(from)).toSorted().slice(0, 40)) {
        await symlink(join(from, file), join(cwd, 'photos', label, file));
      }
    }
    const { status, stdout } = await whosin(
      [
        'retrain',
        '--image_dir',
        'photos',
        '--model_dir',
        sharedData('models/tf-slim'),
        ...'--architecture mobilenet_0.25_128 --how_many_training_steps 200 --json'.split(' '),
      ],
      { cwd },
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ photos: 80 });
    // The graph as a pack of its own, on photos of the other folder.
    const bytes = await readFile(join(cwd, 'output_graph.pb'));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const labels = ['ants', 'bees'];
    const pack: PicturePack = {
      kind: 'picture',
      name: 'retrained',
      licence: 'none',
      source: 'the test',
      graph: { format: 'tensorflow', files: [{ folder: cwd, path: 'output_graph.pb', sha256 }] },
      input: {
        node: 'input',
        width: 128,
        height: 128,
        preparation: { mean: [127.5, 127.5, 127.5], scale: 1 / 127.5 },
        resize: 'bilinear',
      },
      bottleneck: { nodes: ['MobilenetV1/Predictions/Reshape'], size: 1001 },
      scores: { node: 'final_result', labels },
    };
    const config = readConfig({ WHOSIN_HOME: join(cwd, 'home'), WHOSIN_THREADS: '1' });
    const [scores, bottleneck] = await Promise.all([
      openPictureNetwork(pack, 'scores', config),
      openPictureNetwork(pack, 'bottleneck', config),
    ]);
    const head = headIn(fromBinary(GraphDefSchema, bytes));
    let right = 0;
    for (const [index, label] of labels.entries()) {
      const folder = sharedData('images/hymenoptera/val', label);
      for (const file of (await readdir(folder)).toSorted().slice(0, 20)) {
        const { image } = await decodePhoto(await readFile(join(folder, file)), file);
        const found = (await scores.run(image))['scores']!.data;
        const values = (await bottleneck.run(image))['bottleneck']!.data;
        const { probabilities } = measure(head, { inputs: [values], labels: [index] });
        expect([...found]).toEqual(Array.from(probabilities, (p): unknown => expect.closeTo(p, 5)));
        if (found[index]! > 0.5) right++;
      }
    }
    await Promise.all([scores.close(), bottleneck.close()]);
    // By guessing it would be 20 of 40.
    expect(right).toBeGreaterThanOrEqual(28);
  });
});

/** The head out of a graph of two labels. */
function headIn(graph: GraphDef): Head {
  const numbersOf = (name: string): Float32Array => {
    const value = graph.node.find((one) => one.name === `final_training_ops/${name}`)!.attr['value']!.value;
    if (value.case !== 'tensor') throw new Error(`${name} holds no numbers`);
    return new Float32Array(new Uint8Array(value.value.tensorContent).buffer);
  };
  const byInput = numbersOf('weights/final_weights');
  return {
    weights: Float32Array.from(byInput, (_, i) => byInput[(i % 1001) * 2 + Math.floor(i / 1001)]!),
    bias: numbersOf('biases/final_biases'),
  };
}
