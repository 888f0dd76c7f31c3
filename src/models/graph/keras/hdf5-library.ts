/**
 * The field's own HDF5 library as WebAssembly: it sees the bytes that it is given, and no other file. A damaged file
 * must not harm what is read after it.
 */

import { runInNewContext } from 'node:vm';
import type { Module } from 'h5wasm';

type Library = typeof Module;

/** A file that is open in a library of its own. */
export interface OpenHdf5 {
  readonly library: Library;
  readonly id: bigint;
}

/**
 * Small files take milliseconds, DenseNet's 600 tensors of 29 MB one second. The clock does not stop while other programs have the
 * processor: on a machine that was busy fifteen times over, a whole file was once refused after eight seconds.
 */
const secondsFor = (bytes: Uint8Array): number => 10 + Math.floor(bytes.length / 1e6);

/**
 * Calls with the opened file. Each file gets an instance of its own, for some 40 ms: an error leaves the library in the
 * middle of its work with all that it held, and the one that the package shares stood still for ever after two thousand
 * damaged files. What WebAssembly never gives back goes with the instance.
 *
 * @throws Error if it is no HDF5, or the library does not come back: an object of no size in a heap it reads for ever
 */
export async function inHdf5Library<T>(bytes: Uint8Array, use: (file: OpenHdf5) => T): Promise<T> {
  const library = await openLibrary();
  library.activate_throwing_error_handler();
  const path = 'model.h5';
  library.FS.writeFile(path, bytes);
  const read = (): T => use({ library, id: library.open(path, library.H5F_ACC_RDONLY, false, -1, -1) });
  const seconds = secondsFor(bytes);
  try {
    // The only thing that ends WebAssembly in its own thread.
    return runInNewContext('read()', { read }, { timeout: seconds * 1000 }) as T;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new Error(`reading it took more than ${seconds} seconds`, { cause: error });
  }
}

/** By the module behind the package's door, which has one instance for the whole process. */
async function openLibrary(): Promise<Library> {
  const factory = new URL('hdf5_util.js', import.meta.resolve('h5wasm')).href;
  const { default: open } = (await import(factory)) as {
    readonly default: (options: object) => Promise<Library>;
  };
  return open({ noInitialRun: true, printErr: () => {} });
}
