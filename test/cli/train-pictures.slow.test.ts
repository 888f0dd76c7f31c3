import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { disc, writeDiscs } from '../coloured-things.ts';
import { sharedFolder } from '../shared-folder.ts';
import { setUpCalls } from './call-whosin.ts';
import { type Run, repository } from './whosin.ts';

const whosin = setUpCalls();
const files = sharedFolder();
const at = (...parts: readonly string[]): string => join(files.path, ...parts);

async function train(...more: readonly string[]): Promise<Run> {
  return whosin(['train', at('discs'), '--on', 'picture', '-o', at('discs.onnx'), ...more]);
}

beforeAll(async () => {
  await writeDiscs(at('discs'), { red: 'red', 'lime green': 'limegreen' }, 30);
  await writeFile(at('new.png'), await disc('red', 120, 80, 99).toBuffer());
});

describe('train --on picture', () => {
  test('says what it reads, how training goes and how right the result is, and classify asks it', async () => {
    const trained = await train();
    expect(trained.status).toBe(0);
    expect(trained.stdout).toContain('60 pictures of 2 labels');
    expect(trained.stdout).toContain(
      'Network: coco-mobilenet-v3, the only network that is here; whosin models pull',
    );
    expect(trained.stdout).toMatch(/60 bottlenecks \(60 computed, 0 cached\)/);
    expect(trained.stdout).toMatch(/L2 10 {4}.*cross-entropy 0\.\d{4} .*validation accuracy/);
    expect(trained.stdout).toContain('right label (accuracy)');
    const asked = await whosin(['classify', at('new.png'), '-m', at('discs.onnx'), '--json']);
    const { labels } = JSON.parse(asked.stdout) as { labels: { label: string; score: number }[] };
    expect(labels[0]).toEqual({ label: 'red', index: 1, score: expect.any(Number) });
    expect(labels[0]!.score + labels[1]!.score).toBeCloseTo(1, 5);
  });

  test('the same folder gives the same bytes again, from the cache', async () => {
    await train();
    const first = await readFile(at('discs.onnx'));
    const again = await train();
    expect(again.stdout).toContain('(0 computed, 60 cached)');
    const { report: _, ...rest } = JSON.parse((await train('--json')).stdout) as Record<string, unknown>;
    expect(rest).toMatchObject({ schema: 1, backbone: 'coco-mobilenet-v3', photos: 60, cached: 60 });
    expect(Buffer.compare(await readFile(at('discs.onnx')), first)).toBe(0);
  });

  test('--backbone best reports each network that is here, and takes the best', async () => {
    const { status, stdout } = await train('--backbone', 'best');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {2}coco-mobilenet-v3 +accuracy +\d+\.\d % of \d+ {2}cross-entropy \d\.\d{4}$/m);
    expect(stdout).toContain('Best: coco-mobilenet-v3, the lowest cross-entropy');
    const { backbones } = JSON.parse((await train('--backbone', 'best', '--json')).stdout) as {
      backbones: unknown;
    };
    expect(backbones).toEqual([
      expect.objectContaining({ name: 'coco-mobilenet-v3', crossEntropy: expect.any(Number) }),
    ]);
  });

  test('step by step it evaluates every so many steps, and TensorBoard gets the course', async () => {
    const steps = ['--optimizer', 'sgd', '--steps', '40', '--eval-every', '20', '--batch-size', '20'];
    const { status, stdout } = await train(...steps, '--summaries', at('logs'));
    expect(status).toBe(0);
    expect(stdout.match(/step +\d+ /g)).toEqual(['step     1 ', 'step    21 ', 'step    40 ']);
    expect(
      (await readdir(at('logs'), { recursive: true })).filter((name) => /tfevents/.test(name)).length,
    ).toBe(2);
  });

  test('distorted copies are learnt from, and computed once', async () => {
    const flags = ['--flip', '--random-crop', '10', '--copies', '2', '--report', at('report.html')];
    const { status, stderr } = await train(...flags);
    expect([status, stderr]).toEqual([0, expect.stringContaining('Wrote')]);
    const page = await readFile(at('report.html'), 'utf8');
    expect(page).toContain('a last layer on coco-mobilenet-v3');
    expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  });

  test('a folder called unknown teaches it to say "none of these"', async () => {
    const more = at('with-unknown');
    await writeDiscs(more, { red: 'red', 'lime green': 'limegreen' }, 20, 3);
    await writeDiscs(more, { unknown: 'blue' }, 20, 4);
    const model = at('open.onnx');
    const trained = await whosin(['train', more, '--on', 'picture', '-o', model]);
    expect(trained.stdout).toContain('pictures of none of the labels');
    await writeFile(at('blue.png'), await disc('blue', 100, 60, 98).toBuffer());
    const answers = await whosin(['classify', at('blue.png'), at('new.png'), '-m', model, '--json']);
    const best = answers.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { labels: { label: string }[] }).labels[0]!.label);
    expect(best).toEqual(['none of these', 'red']);
    const measured = await whosin(['evaluate', more, '-m', model, '--json']);
    expect(JSON.parse(measured.stdout)).toMatchObject({ pictures: 60, foreign: [], missing: [] });
  });

  test('exported whole, it runs in a program that has nothing but ONNX Runtime', async () => {
    const { status } = await train('--export', at('full.onnx'));
    expect(status).toBe(0);
    const { data, info } = await disc('red', 120, 80, 99).raw().toBuffer({ resolveWithObject: true });
    await writeFile(at('pixels'), data);
    const program = `
      import { readFileSync } from 'node:fs';
      import { InferenceSession, Tensor } from 'onnxruntime-node';
      const session = await InferenceSession.create(process.argv[1]);
      const picture = new Tensor('uint8', readFileSync(process.argv[2]), [1, ${info.height}, ${info.width}, 3]);
      console.log(JSON.stringify([...(await session.run({ picture })).probabilities.data]));`;
    const args = ['--input-type=module', '-e', program, at('full.onnx'), at('pixels')];
    const ran = await promisify(execFile)(process.execPath, args, { cwd: repository });
    const asked = await whosin(['classify', at('new.png'), '-m', at('discs.onnx'), '--json']);
    const { labels } = JSON.parse(asked.stdout) as { labels: { index: number; score: number }[] };
    const found = JSON.parse(ran.stdout) as number[];
    for (const { index, score } of labels) expect(Math.abs(found[index]! - score)).toBeLessThan(0.02);
  });
});

describe('refused', () => {
  test.each([
    [['--flip'], '--flip goes with --on picture'],
    [['--export', 'x'], '--export goes with --on picture'],
    [['--backbone', 'best'], '--backbone goes with --on picture'],
    [['--on', 'picture', '--backbone', 'best', '-m', 'x'], 'Give either -m or --backbone best'],
    [['--on', 'picture', '--flat'], '--flat goes with --on faces'],
    [['--on', 'picture', '--learning-rate', '0.1'], '--learning-rate goes with --optimizer sgd'],
    [['--on', 'picture', '--steps', '5'], '--steps goes with --optimizer sgd'],
  ] as const)('%j', async (flags, message) => {
    const { status, stderr } = await whosin(['train', at('discs'), '-o', at('x.onnx'), ...flags]);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  /**
   * Steps that are too large once printed NaN and then never came to an end; batches of no pictures wrote a layer that
   * was never fitted, with "accuracy NaN %" and status 0.
   */
  test.each([
    [['--learning-rate', '1e40', '--steps', '20'], 1, 'Lower the learning rate (1e+40)'],
    [['--learning-rate', '1e39', '--steps', '1'], 1, 'Lower the learning rate'],
    [['--batch-size', '0', '--steps', '20'], 2, /batch-?size/i],
    [['--steps', '0'], 2, /steps/],
    [['--eval-every', '0'], 2, /eval-every|evaluationInterval/],
  ] as const)('a fit that cannot end well, and no model is written: %j', async (flags, wanted, said) => {
    const sgd = ['train', at('discs'), '--on', 'picture', '--optimizer', 'sgd', '-o', at('x.onnx')];
    const { status, stdout, stderr } = await whosin([...sgd, ...flags]);
    expect(stderr).toMatch(said);
    expect(status).toBe(wanted);
    expect(stdout).not.toContain('NaN');
    expect(await readdir(files.path)).not.toContain('x.onnx');
  });

  test('a network that is not here, before any picture is read', async () => {
    const { status, stderr } = await train('-m', 'inception-v3');
    expect([status, stderr]).toEqual([1, expect.stringContaining('whosin models pull inception-v3')]);
  });

  test('one kind of thing alone', async () => {
    await mkdir(at('one'), { recursive: true });
    await writeDiscs(at('one'), { red: 'red' }, 3);
    const { status, stderr } = await whosin(['train', at('one'), '--on', 'picture', '-o', at('x.onnx')]);
    expect([status, stderr]).toEqual([1, expect.stringContaining('at least two kinds')]);
  });
});
