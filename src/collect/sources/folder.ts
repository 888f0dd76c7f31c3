/** Photos that the person has already, in a folder for each name. They are copied, and stay where they are. */

import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { otherKind, walkFolder } from '../../photos/photo-files.ts';
import type { Source } from '../source.ts';

export function folder(root: string): Source {
  return {
    name: 'folder',
    async *search({ name }) {
      const own = join(resolve(root), name);
      if (!(await stat(own).catch(() => undefined))?.isDirectory()) return;
      for await (const file of walkFolder(own)) {
        if (file.kind === 'file' && !otherKind(file.path)) yield { from: { path: file.path } };
      }
    },
  };
}
