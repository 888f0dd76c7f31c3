/** Decides what is done to photos before a network: as the person says, as the graph shows, as the family has it, or as usual. */

import type { Family } from './families.ts';
import type { Ground, Grounds, KnownParts, PictureParts } from './picture-parts.ts';
import type { Preparation } from './tensorflow/preparation.ts';

export interface Inferred {
  /** Shown by the graph, as far as it does. */
  readonly own?: Preparation | undefined;
  /** Written beside the graph. */
  readonly written?: Preparation | undefined;
  readonly family?: Family | undefined;
  /** A guess. */
  readonly usual: Preparation;
}

export interface PreparationParts extends Pick<PictureParts, 'preparation' | 'crop'> {
  readonly grounds: Pick<Grounds, 'range' | 'crop'>;
}

export function preparationParts(
  known: KnownParts,
  { own, written, family, usual }: Inferred,
): PreparationParts {
  const ofFamily = family && (`family ${family.name}` as const);
  const range: Ground = known.preparation
    ? 'given'
    : own
      ? 'file'
      : written
        ? 'metadata'
        : (ofFamily ?? 'guess');
  const preparation = known.preparation ?? own ?? written ?? family?.preparation ?? usual;
  const crop = known.crop ?? family?.crop;
  return {
    preparation: known.order === 'bgr' ? turned(preparation) : preparation,
    ...(crop === 'centre' && { crop }),
    grounds: { range, ...(crop && { crop: known.crop ? 'given' : ofFamily! }) },
  };
}

/** A preparation is of the channels in the network's order. */
function turned({ mean, scale, order }: Preparation): Preparation {
  if (order === 'bgr') return { mean, scale, order };
  const [red, green, blue] = mean;
  const scales = typeof scale === 'number' ? scale : ([scale[2], scale[1], scale[0]] as const);
  return { mean: [blue, green, red], scale: scales, order: 'bgr' };
}
