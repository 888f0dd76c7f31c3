/** Warns of a guess about a model file that looks wrong. */

import type { NetworkConfig } from '../../config.ts';
import type { PicturePack } from '../../models/picture-pack.ts';
import { err, note } from '../terminal/output.ts';
import { doubtOf } from './pack-text.ts';

/** Asks the network about the photos that come with whosin, if the range of its values is a guess. */
export async function noteDoubt(pack: PicturePack, config: NetworkConfig): Promise<void> {
  if (pack.grounds?.range !== 'guess') return;
  const { tryRange } = await import('../../packs/try-ranges.ts');
  const doubt = await tryRange(pack, config);
  if (doubt) note(`${err.yellow('warning:')} ${doubtOf(pack, doubt)}`);
}
