import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { histogramOf } from '../../../src/pictures/tensorboard/histogram-summary.ts';
import {
  crc32c,
  eventFileName,
  graphRecord,
  summaryRecord,
  variableSummaries,
  versionRecord,
} from '../../../src/pictures/tensorboard/tensorboard-events.ts';
import { describeWithSharedData, sharedData } from '../../shared-data.ts';
import { decodeEvents } from './event-decoder.ts';

describe('CRC-32C', () => {
  // RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
  test.each<[what: string, bytes: Uint8Array, crc: number]>([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 times 255', new Uint8Array(32).fill(255), 0x62a8ab43],
    ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['123456789', new TextEncoder().encode('123456789'), 0xe3069283],
    ['nothing', new Uint8Array(0), 0],
  ])('of %s', (_, bytes, crc) => {
    expect(crc32c(bytes)).toBe(crc);
  });
});

describe('event files', () => {
  test('begin with the version of the format, at a whole second', () => {
    expect(decodeEvents(versionRecord(1545064248.7))).toEqual([
      { wallTime: 1545064248, step: 0, version: 'brain.Event:2', values: [] },
    ]);
    // TensorFlow itself wrote this at that second.
    expect(Buffer.from(versionRecord(1545064248)).toString('hex')).toBe(
      '1800000000000000a37f4b2209000000cef305d7411a0d627261696e2e4576656e743a32705524fc',
    );
  });

  test('hold numbers and histograms under their tags, and the graph', () => {
    const values = Float32Array.of(1, 2, 4);
    const file = Uint8Array.from([
      ...summaryRecord(100.25, 7, [
        { tag: 'accuracy_1', scalar: 0.5 },
        { tag: 'activations', histogram: values },
      ]),
      ...graphRecord(101, Uint8Array.of(1, 2, 3)),
    ]);
    const { bucketLimit, bucket, ...rest } = histogramOf(values);
    expect(decodeEvents(file)).toEqual([
      {
        wallTime: 100.25,
        step: 7,
        values: [
          { tag: 'accuracy_1', scalar: 0.5 },
          { tag: 'activations', histogram: { ...rest, limits: bucketLimit, counts: bucket } },
        ],
      },
      { wallTime: 101, step: 0, graph: Uint8Array.of(1, 2, 3), values: [] },
    ]);
  });

  test('a changed byte shows', () => {
    const record = summaryRecord(1, 2, [{ tag: 'a', scalar: 1 }]);
    // A byte of the length, of its checksum, of the data, of theirs.
    for (const at of [0, 9, 14, record.length - 2]) {
      const damaged = record.slice();
      damaged[at]! ^= 1;
      expect(() => decodeEvents(damaged)).toThrow(/checksum/);
    }
  });

  test('are named so that TensorBoard finds and sorts them', () => {
    expect(eventFileName(1545064248.9)).toBe('events.out.tfevents.1545064248.whosin');
  });

  test('tell of a variable its mean, its deviation and its extremes', () => {
    const found = variableSummaries('w', Float32Array.of(1, 2, 3, 6));
    expect(found.map(({ tag }) => tag)).toEqual([
      'w/summaries/mean_1',
      'w/summaries/stddev_1',
      'w/summaries/max_1',
      'w/summaries/min_1',
      'w/summaries/histogram',
    ]);
    expect(found.map((value) => ('scalar' in value ? value.scalar : undefined))).toEqual([
      3,
      Math.sqrt(14 / 4),
      6,
      1,
      undefined,
    ]);
  });
});

describe('histograms', () => {
  // The figures are those of tf.compat.v1.summary.histogram of TensorFlow 2.21 for these values.
  test('are to the last digit what TensorFlow counts', () => {
    const values = Float32Array.of(-2.5, -1e-3, 0, 0, 0.25, 1, 1.1, 3.7e5, -1e-13);
    expect(histogramOf(values)).toEqual({
      min: -2.5,
      max: 370000,
      num: 9,
      sum: 369999.8490000238,
      sumSquares: 136900000008.5225,
      bucketLimit: [
        -2.6170109961884593, -2.379100905625872, -0.001055857634516068, -0.0009598705768327891, -1e-12, 0,
        1e-12, 0.24153964213356663, 0.2656936063469233, 0.917246389039776, 1.0089710279437536,
        1.109868130738129, 355220.897387703, 390742.98712647334, 1.7976931348623157e308,
      ],
      bucket: [0, 1, 0, 1, 0, 1, 2, 0, 1, 0, 1, 1, 0, 1, 0],
    });
  });

  test('lose no value', () => {
    const random = seededRandom(1);
    const values = Float32Array.from({ length: 1000 }, () => (random() - 0.5) * 10 ** (20 * random() - 10));
    const { num, bucket } = histogramOf(values);
    expect(num).toBe(1000);
    expect(bucket.reduce((a, b) => a + b, 0)).toBe(1000);
  });
});

describeWithSharedData("the event file that TensorFlow's retrain.py wrote for somebody", () => {
  const read = async (): Promise<ReturnType<typeof decodeEvents>> =>
    decodeEvents(await readFile(sharedData('models/retrained/glasses/validation.tfevents')));

  test('has checksums and a first record like ours', async () => {
    const file = await readFile(sharedData('models/retrained/glasses/validation.tfevents'));
    const first = versionRecord((await read())[0]!.wallTime);
    expect([...file.subarray(0, first.length)]).toEqual([...first]);
  });

  test('has the tags of ours, in their order', async () => {
    const tags = (await read())[1]!.values.map(({ tag }) => tag);
    const own = [
      ...variableSummaries('final_training_ops/weights', Float32Array.of(1)),
      ...variableSummaries('final_training_ops/biases', Float32Array.of(1)),
    ].map(({ tag }) => tag);
    const last = [
      'final_training_ops/Wx_plus_b/pre_activations',
      'activations',
      'cross_entropy_1',
      'accuracy_1',
    ];
    expect(tags).toEqual([...own, ...last]);
  });

  test('has histograms whose every limit is one of ours, with empty runs written as one', async () => {
    const histograms = (await read()).flatMap(({ values }) =>
      values.flatMap(({ histogram }) => histogram ?? []),
    );
    expect(histograms.length).toBeGreaterThan(200);
    for (const { limits, counts, ...rest } of histograms) {
      // Values in the middle of the filled buckets fall into the same buckets here.
      const middles = counts.flatMap((count, i) => {
        const low = Math.max(rest.min, limits[i - 1] ?? -Infinity);
        return Array<number>(count).fill((low + Math.min(rest.max, limits[i]!)) / 2);
      });
      const { bucketLimit, bucket } = histogramOf(middles);
      expect(bucketLimit).toEqual(limits);
      expect(bucket).toEqual(counts);
    }
  });
});
