/** The thread that decodes HEIC (decode-heic.ts starts it): bytes of a file in, pixels out. */

import { createRequire } from 'node:module';
import type { MainModule } from 'libheif-js/libheif-wasm/libheif.js';
import { move, transferableSymbol, valueSymbol } from 'piscina';

/** A photo, or why it is none, in libheif's words. */
export type HeicAnswer = {
  /** Bytes that libheif has for itself, and will not give back. */
  readonly held: number;
} & (
  | {
      readonly width: number;
      readonly height: number;
      /** Red, green and blue; and alpha, where the photo has it. */
      readonly channels: 3 | 4;
      /** width × height × channels bytes */
      readonly pixels: Uint8Array;
    }
  | { readonly failed: string }
);

interface Channel {
  readonly id: unknown;
  readonly width: number;
  readonly height: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
  /** Not a copy: a view of libheif's memory. */
  readonly data: Uint8Array;
}

// A megabyte of WebAssembly inside JavaScript, which has no types.
const libheif = createRequire(import.meta.url)('libheif-js/wasm-bundle') as MainModule;

export function decode(bytes: Uint8Array): HeicAnswer {
  const context = libheif.heif_context_alloc();
  const failed = ({ message }: { readonly message: unknown }): HeicAnswer => ({
    failed: String(message),
    held: libheif.HEAPU8.length,
  });
  try {
    const read = libheif.heif_context_read_from_memory(context, bytes);
    if (read.code !== libheif.heif_error_code.heif_error_Ok) return failed(read);
    const photo = libheif.heif_js_context_get_primary_image_handle(context);
    if (photo.code) return failed(photo);
    // libheif applies the file's rotation: EXIF must not be applied again.
    const { heif_colorspace, heif_chroma, heif_channel } = libheif;
    const channels = libheif.heif_image_handle_has_alpha_channel(photo) ? 4 : 3;
    const image = libheif.heif_js_decode_image2(
      photo,
      heif_colorspace.heif_colorspace_RGB,
      channels === 4 ? heif_chroma.heif_chroma_interleaved_RGBA : heif_chroma.heif_chroma_interleaved_RGB,
    );
    libheif.heif_image_handle_release(photo);
    if (image.code) return failed(image);
    const isPixels = ({ id }: Channel): boolean => id === heif_channel.heif_channel_interleaved;
    const { width, height, stride, data } = (image.channels as readonly Channel[]).find(isPixels)!;
    const row = width * channels;
    const pixels = new Uint8Array(row * height);
    for (let y = 0; y < height; y++) pixels.set(data.subarray(y * stride, y * stride + row), y * row);
    libheif.heif_image_release(image.image);
    const answer: HeicAnswer = { width, height, channels, pixels, held: libheif.HEAPU8.length };
    // The pixels are handed over, not copied.
    return move({ [transferableSymbol]: pixels.buffer, [valueSymbol]: answer }) as unknown as HeicAnswer;
  } finally {
    libheif.heif_context_free(context);
  }
}
