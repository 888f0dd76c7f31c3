/** Whoever sits before the page, and what they may do. */

import { signal } from '@preact/signals';
import { type Answer, answered, client } from './api.ts';

export type Me = Pick<Answer<'Me'>, 'name' | 'role'>;

/** Most albums have nobody else. */
const owner: Me = { name: '', role: 'own' };

export const me = signal<Me>(owner);

/** An owner may have given them another role meanwhile. */
export async function readMe(): Promise<void> {
  const now = await answered(client.GET('/api/v1/me'));
  if (now.name !== me.value.name || now.role !== me.value.role) me.value = now;
}

const roles = ['look', 'answer', 'own'] as const;

export function mayDo(least: Me['role']): boolean {
  return roles.indexOf(me.value.role) >= roles.indexOf(least);
}

/** Owners take back everything, others what they said. */
export function mayTakeBack({ who }: { readonly who: string }): boolean {
  return mayDo('own') || (mayDo('answer') && who === me.value.name);
}
