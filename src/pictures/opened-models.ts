/** Models of whole pictures, each opened when it is first needed and shared from then on. */

import type { Config } from '../config.ts';
import { WhosinError } from '../errors.ts';
import type { PictureClassifier } from './classifier.ts';

export interface OpenedModels {
  /**
   * @param model a pack's name or the path of a model; the one that comes with whosin if left out
   * @throws WhosinError as `openPictureModel` does; `usage` once it is closed
   */
  named(model?: string, labels?: string): Promise<PictureClassifier>;
  close(): Promise<void>;
}

export function openedModels(config: Config): OpenedModels {
  const opened = new Map<string, Promise<PictureClassifier>>();
  let closed = false;
  return {
    async named(model, labels) {
      if (closed) throw new WhosinError('usage', 'whosin was closed: open it again.');
      const key = JSON.stringify([model, labels]);
      const known = opened.get(key);
      if (known) return known;
      const { openPictureModel } = await import('./open-model.ts');
      const opening = openPictureModel(model, { config, ...(labels !== undefined && { labels }) });
      opened.set(key, opening);
      // A file that was not there may be the next time.
      opening.catch(() => opened.delete(key));
      return opening;
    },
    async close() {
      closed = true;
      for (const model of await Promise.allSettled(opened.values())) {
        if (model.status === 'fulfilled') await model.value.close();
      }
    },
  };
}
