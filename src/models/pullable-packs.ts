/** Everything that `whosin models pull` knows. */

import { openCvZooModels } from './opencv-zoo.ts';
import type { PullablePack } from './pullable-pack.ts';
import { tensorFlowPacks } from './tensorflow-packs.ts';

export const pullablePacks: readonly PullablePack[] = [...openCvZooModels, ...tensorFlowPacks];
