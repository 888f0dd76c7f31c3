/** ONNX Runtime, loaded when the first network is opened: a run that finds everything cached needs none. */

import { createRequire } from 'node:module';
import { reasonOf, WhosinError } from '../errors.ts';

export type { InferenceSession, Tensor } from 'onnxruntime-node';

type OnnxRuntime = typeof import('onnxruntime-node');

let loaded: OnnxRuntime | undefined;

/** Throws `no-runtime` where the library does not run on this system. */
export function onnxRuntime(): OnnxRuntime {
  loaded ??= load();
  return loaded;
}

function load(): OnnxRuntime {
  // Since 1.29 official builds report events to their maker by default, the metadata of opened models among them
  // (microsoft/onnxruntime, pull request 27379), unless this variable is set when the library loads. Photos of people
  // are private: nothing leaves the machine.
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  try {
    // Not imported, which takes several turns of the event loop: photos that are decoded meanwhile make those long.
    return createRequire(import.meta.url)('onnxruntime-node') as OnnxRuntime;
  } catch (cause) {
    const [reason] = reasonOf(cause).split('\n');
    throw new WhosinError(
      'no-runtime',
      `ONNX Runtime, which runs the networks, cannot be loaded: ${reason}. ${remedy}`,
      {
        cause,
      },
    );
  }
}

/** The library's own list; Alpine's C library is musl. */
const remedy =
  'It runs on Linux with glibc (not on Alpine: take an image such as node:22-slim), on macOS with an Apple processor, and on Windows. On such a system, install whosin again: node_modules of another one do not work.';

/** The reason that ONNX Runtime gives for a failure, without the file that it was given and the places in its own code. */
export function faultOf(error: unknown): string {
  return reasonOf(error)
    .replace(/^Load model from .*? failed:/s, '')
    .replace(/^Non-zero status code returned while running .*? Status Message: /s, '')
    .replace(/\S+\.(?:cc|cpp|h):\d+ (?:[^()']*::[^()]*\((?:[^()]|\([^()]*\))*\)|\w+) /g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '');
}
