/** Every model that there is or that can be fetched, damaged ones too: what `whosin models list` and the page show. */

import { WhosinError } from '../errors.ts';
import type { Pack } from '../models/pack.ts';
import { pullablePacks } from '../models/pullable-packs.ts';
import { builtInPacks, findPack, packNames } from './pack-store.ts';

export interface ListedPack {
  readonly name: string;
  /** `built-in`: comes with whosin. `here`: pulled or added. `pull`: can be fetched. `damaged`: see its problem. */
  readonly state: 'built-in' | 'here' | 'pull' | 'damaged';
  readonly pack?: Pack;
  readonly licence?: string;
  readonly source?: string;
  readonly address?: string;
  readonly problem?: string;
}

/** @param packs the folder of models that were pulled or added */
export async function listedPacks(packs: string): Promise<readonly ListedPack[]> {
  const there: ListedPack[] = [];
  for (const name of await packNames(packs)) there.push(await read(packs, name));
  const builtIn = builtInPacks.map((pack) => listed(pack.name, 'built-in', pack));
  const here = new Set(there.map(({ name }) => name));
  const rest = pullablePacks
    .filter(({ name }) => !here.has(name))
    .map(
      ({ name, licence, source, address }): ListedPack => ({
        name,
        state: 'pull',
        licence,
        source,
        address,
      }),
    );
  return [...builtIn, ...there, ...rest];
}

async function read(packs: string, name: string): Promise<ListedPack> {
  try {
    const pack = await findPack(packs, name);
    return pack ? listed(name, 'here', pack) : { name, state: 'damaged', problem: `${name} is gone.` };
  } catch (error) {
    if (!(error instanceof WhosinError)) throw error;
    return { name, state: 'damaged', problem: error.message };
  }
}

function listed(name: string, state: ListedPack['state'], pack: Pack): ListedPack {
  return { name, state, pack, licence: pack.licence, source: pack.source };
}
