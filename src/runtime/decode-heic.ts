/** HEIC, which sharp cannot decode: libheif as WebAssembly, half a second for 12 megapixels. */

export interface HeicPixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and alpha bytes. libheif applies the file's rotation: EXIF must not be applied again. */
  readonly pixels: Uint8Array;
}

/** One at a time: each holds the whole photo several times over. */
let last: Promise<unknown> = Promise.resolve();

export function decodeHeic(bytes: Uint8Array): Promise<HeicPixels> {
  const next = last.then(() => decodeQuietly(bytes));
  last = next.catch(() => {});
  return next;
}

/** libheif logs damaged files to standard output, where a command's results go; the thrown error says it too. */
async function decodeQuietly(bytes: Uint8Array): Promise<HeicPixels> {
  // A megabyte of WebAssembly, compiled as it loads: only where there is such a photo.
  const { default: decodeHeif } = await import('heic-decode');
  const { log } = console;
  console.log = () => {};
  try {
    const { width, height, data } = await decodeHeif({ buffer: bytes });
    return { width, height, pixels: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
  } finally {
    console.log = log;
  }
}
