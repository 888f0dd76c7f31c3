/**
 * Records of TensorBoard's event files. A file is a row of TFRecords (tensorflow/core/lib/io/record_writer.h):
 * the length as uint64, its masked CRC-32C, the data, its masked CRC-32C, all little-endian. The data are Event
 * messages (event.proto); the first one names the version of the format.
 */

import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { EventSchema } from './event_pb.ts';
import { histogramOf } from './histogram-summary.ts';

/** A value of a run under a tag: a point of a curve, or a layer of a histogram over time. */
export type SummaryValue =
  | { readonly tag: string; readonly scalar: number }
  | { readonly tag: string; readonly histogram: ArrayLike<number> };

/** How TensorBoard knows its files: the name contains "tfevents", and files sort by the time they began at. */
export function eventFileName(wallTime: number): string {
  return `events.out.tfevents.${String(Math.floor(wallTime)).padStart(10, '0')}.whosin`;
}

/** The record that a file begins with. @param wallTime seconds since 1970, here and below */
export function versionRecord(wallTime: number): Uint8Array {
  return eventRecord({
    wallTime: Math.floor(wallTime),
    what: { case: 'fileVersion', value: 'brain.Event:2' },
  });
}

/** @param graph bytes of a GraphDef, for TensorBoard's page of graphs */
export function graphRecord(wallTime: number, graph: Uint8Array): Uint8Array {
  return eventRecord({ wallTime, what: { case: 'graphDef', value: graph } });
}

export function summaryRecord(wallTime: number, step: number, values: readonly SummaryValue[]): Uint8Array {
  const value = values.map((one) => ({
    tag: one.tag,
    value:
      'scalar' in one
        ? { case: 'simpleValue' as const, value: one.scalar }
        : { case: 'histo' as const, value: histogramOf(one.histogram) },
  }));
  return eventRecord({ wallTime, step: BigInt(step), what: { case: 'summary', value: { value } } });
}

/** Mean, standard deviation, extremes and histogram, tagged as `variable_summaries` of retrain.py ends up doing. */
export function variableSummaries(scope: string, values: Float32Array): readonly SummaryValue[] {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  const [max, min] = values.reduce(([a, b], v) => [Math.max(a, v), Math.min(b, v)], [-Infinity, Infinity]);
  // The name without a number was taken by the node that computes the value.
  return [
    { tag: `${scope}/summaries/mean_1`, scalar: mean },
    { tag: `${scope}/summaries/stddev_1`, scalar: Math.sqrt(variance) },
    { tag: `${scope}/summaries/max_1`, scalar: max },
    { tag: `${scope}/summaries/min_1`, scalar: min },
    { tag: `${scope}/summaries/histogram`, histogram: values },
  ];
}

function eventRecord(event: MessageInitShape<typeof EventSchema>): Uint8Array {
  const data = toBinary(EventSchema, create(EventSchema, event));
  const record = new Uint8Array(12 + data.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(crc32c(record.subarray(0, 8))), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, masked(crc32c(data)), true);
  return record;
}

/** A CRC of data that hold CRCs is a weak one, so TFRecord stores it turned and shifted (lib/hash/crc32c.h). */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** CRC-32 with the polynomial of Castagnoli, as in RFC 3720, appendix B.4. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});
