/** The answer to whatever says something: the numbers to take it back by. All who listen are told. */

import { z } from 'zod';
import type { Events } from '../events.ts';

export const changedSchema = z
  .object({ schema: z.literal(1), said: z.array(z.number().int()).describe('Numbers to take it back by') })
  .meta({ id: 'Changed' });

export function changed(events: Events, said: readonly number[]): z.infer<typeof changedSchema> {
  events.send('said', { said });
  return { schema: 1, said: [...said] };
}
