/** Whoever sits before the page, and what they may do. */

import { type Answer, answered, client } from './api.ts';
import { useLoaded } from './load.ts';

export type Me = Pick<Answer<'Me'>, 'name' | 'role'>;

/** Most albums have nobody else. */
const owner: Me = { name: '', role: 'own' };

export function useMe(): Me {
  return useLoaded(() => answered(client.GET('/api/v1/me')), 'me').answer ?? owner;
}

const roles = ['look', 'answer', 'own'] as const;

export function mayDo(me: Me, least: Me['role']): boolean {
  return roles.indexOf(me.role) >= roles.indexOf(least);
}

/** Owners take back everything, others what they said. */
export function mayTakeBack(me: Me, { who }: { readonly who: string }): boolean {
  return me.role === 'own' || (me.role === 'answer' && who === me.name);
}
