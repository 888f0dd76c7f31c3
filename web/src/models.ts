/** The models of this server, for the screens that teach and ask them. */

import { type Answer, answered, client } from './api.ts';
import { type Loaded, useLoaded } from './load.ts';

export type Model = Answer<'Model'>;
export type TrainedModel = Answer<'TrainedModel'>;

export function useModels(): Loaded<readonly Model[]> {
  return useLoaded(async () => (await answered(client.GET('/api/v1/models'))).models, 'models');
}

/** Those that can be asked about a picture. */
export function canBeAsked({ kind, state, teaches, labels }: Model): boolean {
  if (state === 'damaged' || kind === 'faces') return false;
  return kind === 'people' || !teaches || labels !== null;
}

/** `friends (4 people)` */
export function aboutModel({ kind, state, labels, name }: Model): string {
  if (state === 'album') return 'the people of the album';
  const what = { people: 'people', pictures: 'labels', objects: 'kinds of things', faces: 'faces' }[kind];
  return `${name} (${labels === null ? what : `${labels} ${what}`})`;
}
