import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test, vi } from 'vitest';
import { page, partly, serve, whole } from '../runtime/loopback.ts';
import { archiveOf, toyGraph, toyLabels } from '../runtime/toy-model.ts';
import { describeWithSharedData, sharedData } from '../shared-data.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { environmentWith, mainFile, setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();

interface ListedModel {
  readonly name: string;
  readonly state: string;
}

async function listed(home: string): Promise<ListedModel[]> {
  const { stdout } = await whosin(['models', 'list', '--json'], { home });
  return (JSON.parse(stdout) as { models: ListedModel[] }).models;
}

async function toyFiles(): Promise<{
  readonly home: string;
  readonly graph: string;
  readonly labels: string;
}> {
  const home = await temporaryFolder();
  const [graph, labels] = [join(home, 'toy.pb'), join(home, 'labels.txt')];
  await writeFile(graph, toyGraph());
  await writeFile(labels, toyLabels.join('\n'));
  return { home, graph, labels };
}

describe('whosin models', () => {
  test('lists what comes with it and what can be fetched, with addresses', async () => {
    const home = await temporaryFolder();
    const { status, stdout } = await whosin(['models', 'list'], { home });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^coco-mobilenet-v3 +built-in +224×224, 80 kinds of things, bottleneck of 600\n/);
    expect(stdout).toContain('inception-v3        pull      whosin models pull inception-v3');
    const models = await listed(home);
    expect(models).toHaveLength(20);
    expect(models.find(({ name }) => name === 'mobilenet_0.50_192')).toMatchObject({
      state: 'pull',
      licence: 'Apache-2.0',
      address:
        'https://storage.googleapis.com/download.tensorflow.org/models/mobilenet_v1_0.50_192_frozen.tgz',
    });
  });

  test('adds a model and says what it read off the graph, checks it, and removes it', async () => {
    const { home, graph, labels } = await toyFiles();
    const added = await whosin(['models', 'add', 'colours', graph, '--labels', labels], { home });
    // The toy calls all of whosin's photos by one label, with the values that whosin guesses.
    expect(added).toEqual({
      status: 0,
      stderr: expect.stringMatching(/^warning: colours gives .* which is a guess/),
      stdout:
        'Added colours: a model of whole pictures.\n  input       input, 8×8, range -1..1 (a guess)\n  scores      final_result, 3 labels\n  bottleneck  pooled, 3 values\n  licence     not known to whosin\n',
    });
    expect((await listed(home))[1]).toMatchObject({
      name: 'colours',
      state: 'here',
      labels: 3,
      bottleneck: 3,
    });
    expect((await whosin(['models', 'verify'], { home })).stdout).toBe(
      'right  coco-mobilenet-v3\nright  colours\n',
    );

    await writeFile(join(home, 'packs', 'colours', 'graph.pb'), 'damaged');
    const checked = await whosin(['models', 'verify', 'colours'], { home });
    expect(checked).toMatchObject({ status: 1, stdout: 'wrong  colours\n' });
    expect(checked.stderr).toContain('Remove the model (whosin models remove), and pull or add it again.');
    // Its graph and its pack.json; two graphs that were compiled of it, and those as they were optimised.
    const removed = await whosin(['models', 'remove', 'colours'], { home });
    expect(removed).toMatchObject({ status: 0, stderr: '' });
    expect(removed.stdout).toMatch(/^Removed colours: 6 files, \d+\.\d kB\.\n$/);
    expect(await readdir(join(home, 'models'))).toEqual([]);
    expect(await readdir(join(home, 'optimised'))).toEqual([]);
    expect(await whosin(['models', 'remove', 'colours'], { home })).toMatchObject({ status: 1 });
    expect(await listed(home)).toHaveLength(20);
  });

  test.each([
    [
      ['models', 'pull', 'inception'],
      1,
      'whosin knows no place of a model "inception". Near it: inception-v3,',
    ],
    [['models', 'pull', 'coco-mobilenet-v3'], 2, 'comes with whosin: there is nothing to fetch'],
    [['models', 'pull', 'sface'], 2, 'Give --reference FOLDER with photos of a few hundred people'],
    [['models', 'pull', 'yunet', '--reference', 'x'], 2, 'yunet has no odds to fit: leave --reference and'],
    [['models', 'remove', 'coco-mobilenet-v3'], 2, 'coco-mobilenet-v3 comes with whosin, and stays.'],
    [['models', 'remove', 'face-api'], 2, 'face-api comes with whosin, and stays.'],
    [['models', 'remove', 'nothing'], 1, 'There is no model "nothing" to remove'],
    [['models', 'remove', '../home'], 2, '"../home" cannot be the name of a model'],
    [['models', 'verify', 'nothing'], 1, 'There is no model "nothing" here'],
    [['models', 'add', 'x', 'no.pb'], 1, 'Cannot read no.pb'],
    [['models', 'add', 'x', 'y.pb', '--size', 'big'], 2, 'Give it as 224x224'],
    [['models', 'add', 'x', 'y.pb', '--mean', '1'], 2, 'both --mean and --scale'],
  ])('%j is refused with a sentence', async (args, status, said) => {
    const run = await whosin(args, { home: await temporaryFolder() });
    expect(run).toMatchObject({ status, stdout: args[1] === 'verify' ? 'wrong  nothing\n' : '' });
    expect(run.stderr).toContain(said);
  });

  test('says what is wrong with what a server sends, and keeps nothing of it', async () => {
    const home = await temporaryFolder();
    const { address } = await serve(page(200));
    const run = await whosin(['models', 'pull', 'inception-v3', '--from', address], { home });
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toContain(
      `error: Cannot fetch ${address}: a web page came instead of the file: does the network want you to log in, or is the address wrong? Other ways: `,
    );
    for (const way of [
      'HTTPS_PROXY',
      '--from ADDRESS',
      'whosin models add inception-v3 FILE',
      'whosin models list',
    ])
      expect(run.stderr).toContain(way);
    expect((await readdir(join(home, 'packs'))).filter((name) => !name.startsWith('.'))).toEqual([]);
  });
});

test('a model of faces is held to its published sum: a pointer to a large file is none', async () => {
  const home = await temporaryFolder();
  const pointer = new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\n');
  const { address } = await serve(whole(pointer));
  const run = await whosin(['models', 'pull', 'yunet', '--from', address], { home });
  expect(run).toMatchObject({ status: 1, stdout: '' });
  expect(run.stderr).toMatch(
    /^error: The file of yunet has sha256 [0-9a-f]{64}, not the one published for it, ebafce4e[0-9a-f]{56}: nothing/,
  );
  expect((await readdir(join(home, 'packs'))).filter((name) => !name.endsWith('.lock'))).toEqual([]);
});

describeWithSharedData('a MobileNet that is pulled', () => {
  const folder = 'mobilenet_v1_0.25_224';
  const read = async (name: string): Promise<Uint8Array> =>
    readFile(sharedData('models', 'tf-slim', folder, name));
  const photo = sharedData('images', 'imagenet-dev', 'n01496331_electric_ray.JPEG');

  async function archive(): Promise<Uint8Array> {
    const files = {
      'frozen_graph.pb': await read('frozen_graph.pb'),
      'labels.txt': await read('labels.txt'),
    };
    return archiveOf(
      Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${folder}/${name}`, bytes])),
      './',
    );
  }

  test('is stopped by Ctrl-C, gone on with, and classifies', { timeout: 60_000 }, async () => {
    const home = await temporaryFolder();
    const file = await archive();
    const { address, ranges } = await serve(partly(file, 500_000), whole(file));
    const args = ['models', 'pull', 'mobilenet_0.25_224', '--from', address];
    const child = spawn(process.execPath, [mainFile, ...args], { env: environmentWith(home) });
    const part = join(home, 'packs', '.mobilenet_0.25_224.download.part');
    await vi.waitFor(async () => expect((await stat(part)).size).toBe(500_000), {
      timeout: 30_000,
      interval: 50,
    });
    child.kill('SIGINT');
    const [errors, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(errors).toBe(`error: Stopped fetching ${address}. The same command goes on where it was.\n`);
    expect(status).toBe(130);

    const pulled = await whosin(args, { home });
    expect(pulled).toMatchObject({ status: 0, stderr: '' });
    expect(pulled.stdout).toContain('trust       the sum that whosin knows of it');
    expect(ranges).toEqual([undefined, 'bytes=500000-']);
    expect((await whosin(args, { home })).stdout).toBe(
      'mobilenet_0.25_224 is here already, and its files are right.\n',
    );

    const asked = await whosin(['classify', photo, '-m', 'mobilenet_0.25_224', '--top', '2'], { home });
    expect(asked.stdout).toMatch(
      /^.*n01496331_electric_ray.JPEG\n {2}electric ray, crampfish, numbfish, torpedo +0\.\d{5}\n {2}.* 0\.\d{5}\n$/,
    );
  });

  test('with another graph in it is refused', async () => {
    const home = await temporaryFolder();
    const { address } = await serve(
      whole(await archiveOf({ [`${folder}/frozen_graph.pb`]: toyGraph(), [`${folder}/labels.txt`]: 'x' })),
    );
    const run = await whosin(['models', 'pull', 'mobilenet_0.25_224', '--from', address], { home });
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(
      /frozen_graph.pb of mobilenet_0.25_224 has sha256 .*, expected bf56de7d.*: nothing of it was stored/,
    );
    expect((await whosin(['classify', photo, '-m', 'mobilenet_0.25_224'], { home })).status).toBe(1);
  });
});

test('a home that cannot be written to is named', async () => {
  const home = await temporaryFolder();
  await writeFile(join(home, 'packs'), 'a file');
  const run = await whosin(['models', 'pull', 'inception-v3', '--from', 'http://127.0.0.1:9/x'], { home });
  expect(run.status).toBe(1);
  expect(run.stderr).toContain(join(home, 'packs'));
});
