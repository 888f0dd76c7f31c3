/** The one place that loads sharp. */

import { createRequire } from 'node:module';
import type sharpOf from 'sharp';

export type { Exif, Metadata, OutputInfo, OverlayOptions, Sharp } from 'sharp';

// Not imported: its forty modules would take twice the time, a tenth of a short run.
export const sharp = createRequire(import.meta.url)('sharp') as typeof sharpOf;

// Photos are seldom decoded twice, and each that is kept takes up to 50 MB.
sharp.cache(false);
