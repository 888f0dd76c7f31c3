/** When, where and with what a photo was taken, as its EXIF block has it. */

import exifReader from 'exif-reader';

export interface Taken {
  /** As clocks showed it there: `2019-07-04T18:30:00`. */
  readonly wall: string;
  /** Minutes east of Greenwich; null if that is not known. */
  readonly offset: number | null;
  /** `digitised`: when it was scanned. */
  readonly from: 'exif' | 'digitised' | 'video' | 'file';
}

export interface PhotoMetadata {
  readonly taken: Taken | null;
  /** Degrees, north and east positive. */
  readonly place: { readonly latitude: number; readonly longitude: number } | null;
  readonly camera: string | null;
}

const nothing: PhotoMetadata = { taken: null, place: null, camera: null };

/** @param exif the block, with or without its "Exif" header; what makes no sense in it is left out */
export function readMetadata(exif: Uint8Array | undefined): PhotoMetadata {
  if (exif === undefined) return nothing;
  try {
    const { Photo, Image, GPSInfo } = exifReader(Buffer.from(exif.buffer, exif.byteOffset, exif.byteLength));
    const original = takenAt(Photo?.DateTimeOriginal, Photo?.OffsetTimeOriginal);
    // Scanners and some phones write this one alone.
    const digitised = takenAt(Photo?.DateTimeDigitized, Photo?.OffsetTimeDigitized);
    return {
      taken: original ?? (digitised && { ...digitised, from: 'digitised' }),
      place: placeOf(GPSInfo),
      camera: cameraOf(Image?.Make, Image?.Model),
    };
  } catch {
    // Cameras, editors and damage leave blocks that nobody can read: the photo is one all the same.
    return nothing;
  }
}

/** The time of a file's content, on this machine's clock: better than nothing if the photo does not say. */
export function takenByFile(modified: Date): Taken {
  const offset = -modified.getTimezoneOffset();
  return { wall: wallTime(new Date(modified.getTime() + offset * 60_000)), offset, from: 'file' };
}

/** Photography is that old; cameras that lost their clocks say 1980-01-01, and are believed. */
const years = [1826, 2200] as const;

/** The time of `0000:00:00 00:00:00`: the zeroth day of the zeroth month, of a year of two digits. */
const zeros = Date.UTC(0, -1, 0);

/** @param when wall time, as if it were Greenwich's */
function takenAt(when: unknown, offset: unknown): Taken | null {
  if (!(when instanceof Date) || Number.isNaN(when.getTime()) || when.getTime() === zeros) return null;
  const year = when.getUTCFullYear();
  if (year < years[0] || year > years[1]) return null;
  return { wall: wallTime(when), offset: minutesOf(offset), from: 'exif' };
}

function wallTime(utc: Date): string {
  return utc.toISOString().slice(0, 19);
}

/** `+02:00` → 120 */
function minutesOf(offset: unknown): number | null {
  const [, sign, hours, minutes] =
    /^([+-])(\d\d):(\d\d)/.exec(typeof offset === 'string' ? offset : '') ?? [];
  if (sign === undefined) return null;
  const value = Number(hours) * 60 + Number(minutes);
  // 18 hours are the most that ISO 8601 knows.
  return value > 18 * 60 ? null : sign === '-' ? -value : value;
}

interface GpsTags {
  readonly GPSLatitude?: unknown;
  readonly GPSLatitudeRef?: unknown;
  readonly GPSLongitude?: unknown;
  readonly GPSLongitudeRef?: unknown;
}

function placeOf(gps: GpsTags | undefined): PhotoMetadata['place'] {
  const latitude = degrees(gps?.GPSLatitude, gps?.GPSLatitudeRef, 'S', 90);
  const longitude = degrees(gps?.GPSLongitude, gps?.GPSLongitudeRef, 'W', 180);
  if (latitude === null || longitude === null) return null;
  // Phones that do not know where they are write zeros.
  return latitude === 0 && longitude === 0 ? null : { latitude, longitude };
}

function degrees(parts: unknown, ref: unknown, negative: string, most: number): number | null {
  if (!Array.isArray(parts) || parts.length === 0) return null;
  const [whole = 0, minutes = 0, seconds = 0] = parts.map(Number);
  const value = whole + minutes / 60 + seconds / 3600;
  if (!(value >= 0 && value <= most)) return null;
  return String(ref).toUpperCase().startsWith(negative) ? -value : value;
}

/** `Canon` and `Canon EOS 5D` → `Canon EOS 5D` */
function cameraOf(make: unknown, model: unknown): string | null {
  const clean = (text: unknown): string =>
    typeof text === 'string' ? text.replace(/[\0\s]+/g, ' ').trim() : '';
  const [maker, name] = [clean(make), clean(model)];
  const camera = name.toLowerCase().startsWith(maker.toLowerCase()) ? name : `${maker} ${name}`.trim();
  return camera === '' ? null : camera.slice(0, 100);
}
