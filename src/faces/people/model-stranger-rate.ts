/** How often a stranger may be given a name, as a setting of a model. */

import { WhosinError } from '../../errors.ts';
import type { BoundedRate } from '../../learn/odds/rate-table.ts';
import { type StrangerSetting, settingFor, strangerRateAt } from '../../learn/odds/stranger-rates.ts';
import type { PeopleModel } from './model-file.ts';

/**
 * The model that names strangers at this rate, by what was measured when it was trained.
 *
 * @param maxWrong a share of strangers' faces, above 0 and below 1
 * @returns with it, the rate that it keeps: the lowest one that is known where a lower one was asked for
 * @throws WhosinError `usage` if nothing is known: one person, and a pack that was never measured
 */
export function withMaxWrong(
  model: PeopleModel,
  maxWrong: number,
): { readonly model: PeopleModel; readonly setting: StrangerSetting } {
  if (!(maxWrong > 0 && maxWrong < 1)) {
    throw new WhosinError('usage', `${maxWrong} is no share of strangers: give a number between 0 and 1.`);
  }
  const setting = model.strangerRates && settingFor(model.strangerRates, maxWrong);
  if (setting === undefined) {
    throw new WhosinError(
      'usage',
      'The model does not store how often strangers get a name. Train it again, or set a probability: --min-probability 0.9',
    );
  }
  return { model: { ...model, minProbability: setting.minProbability }, setting };
}

/** How often the model gives a stranger a name; undefined if that is not known. */
export function strangerRateOf({ strangerRates, minProbability }: PeopleModel): BoundedRate | undefined {
  return strangerRates && strangerRateAt(strangerRates, minProbability);
}
