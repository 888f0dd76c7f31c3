/** The name and the instructions of the processor. */

import { readFile } from 'node:fs/promises';
import { arch, cpus } from 'node:os';
import type { WeightBits } from '../config.ts';

let described: Promise<readonly string[]> | undefined;

/** On Linux with what it can do: virtual machines call very different processors by one name. */
export function describeProcessor(): Promise<readonly string[]> {
  described ??= readFile('/proc/cpuinfo', 'utf8').then(
    (info) => [
      ...new Set(info.match(/^(?:vendor_id|cpu family|model|model name|flags|CPU \w+|Features)\s*:.*$/gm)),
    ],
    () => [cpus()[0]?.model ?? ''],
  );
  return described;
}

/** The bits of weights with which this processor adds up products of bytes exactly and fast, if not told how many. */
export async function weightBitsHere(told?: WeightBits): Promise<WeightBits> {
  return told ?? ((await addsBytesExactly()) ? 8 : 7);
}

/**
 * Whether products of 8 bits are added up without loss. Processors of x86 do so with VNNI; without it the sum of two
 * products is cut off at 16 bits (ONNX Runtime's guide to quantisation), unless ONNX Runtime is told to take a slower
 * way. If the processor does not report its instructions, it is taken to lack them.
 */
export async function addsBytesExactly(): Promise<boolean> {
  return (
    arch() !== 'x64' || (await describeProcessor()).some((line) => /\b(?:avx512_vnni|avx_vnni)\b/.test(line))
  );
}
