/** The people of the album, and naming a group: several screens need both. */

import { answered, client, type Person } from './api.ts';
import { useLoaded } from './load.ts';
import { tell } from './said.ts';
import { count } from './words.ts';

/** The most frequent ones: fields for names suggest them. */
export async function readPeople(): Promise<readonly Person[]> {
  return (await answered(client.GET('/api/v1/people', { params: { query: { limit: 500 } } }))).people;
}

/** None until they are read. */
export function usePeople(): readonly Person[] {
  return useLoaded(readPeople, 'people').answer ?? [];
}

/**
 * Throws a refusal with the code `in-use` if somebody has the name, until `same` says whether that is the person.
 *
 * @param group its number
 */
export async function nameGroup(group: number, person: string, same?: boolean): Promise<void> {
  const body = { person, ...(same !== undefined && { same }) };
  const named = await answered(
    client.POST('/api/v1/groups/{group}/name', { params: { path: { group } }, body }),
  );
  tell(`${named.person}: ${count(named.faces, 'face')}.`, [named.said]);
}
