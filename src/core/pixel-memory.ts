/**
 * Memory of pictures that are no longer looked at, for the next ones of the same size. JavaScript counts each picture's memory
 * as garbage otherwise, and went through all of its objects a dozen times a hundred photos to find it.
 */

const free = new Map<number, Uint8Array[]>();
let held = 0;

/** The most bytes that stay here: a few sizes recur with every photo. */
const mostHeld = 16 * 1024 * 1024;
const mostOfOneSize = 4;

/** Its bytes are those of another picture. */
export function takePixels(length: number): Uint8Array {
  const found = free.get(length)?.pop();
  if (found !== undefined) held -= length;
  return found ?? new Uint8Array(length);
}

/** @param pixels that nothing else will read or write, whole as they were taken */
export function givePixels(pixels: Uint8Array): void {
  const same = free.get(pixels.length) ?? [];
  if (same.length === mostOfOneSize || held + pixels.length > mostHeld) return;
  free.set(pixels.length, same);
  same.push(pixels);
  held += pixels.length;
}
