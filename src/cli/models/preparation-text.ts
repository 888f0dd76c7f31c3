/** What is done to pixels before a network, in words. */

import { type KnownParts, preparations } from '../../models/graph/picture-parts.ts';

type Preparation = NonNullable<KnownParts['preparation']>;

export function said({ mean, scale }: Preparation): string {
  const range = Object.entries(preparations).find(
    ([, usual]) => JSON.stringify(usual) === JSON.stringify({ mean, scale }),
  );
  return range ? `range ${range[0]}` : `mean ${mean.join(',')}, scale ${[scale].flat().join(',')}`;
}
