/** Random edits with ExifTool as judge; `bench/edits.ts` does ten thousand. */

import { expect, test } from 'vitest';
import { describeWithExifTool } from '../../exiftool.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { editTrial } from './edit-trial.ts';

describeWithExifTool('random edits', () => {
  test('leave what was asked for and nothing else', async () => {
    const trial = await editTrial(await temporaryFolder(), { series: 12, editsEach: 80, seed: 18 });
    expect(trial).toEqual({ edits: 960, judged: 48, faults: [] });
  });
});
