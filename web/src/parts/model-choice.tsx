/** Which model is meant; nothing if there is one alone. */

import { aboutModel, type Model } from '../models.ts';

export function ModelChoice(props: {
  readonly models: readonly Model[];
  readonly model: Model;
  readonly onChoose: (name: string) => void;
}) {
  const { models, model, onChoose } = props;
  if (models.length < 2) return null;
  return (
    <label>
      Model
      <select value={model.name} onChange={(event) => onChoose(event.currentTarget.value)}>
        {models.map((one) => (
          <option key={one.name} value={one.name}>
            {aboutModel(one)}
          </option>
        ))}
      </select>
    </label>
  );
}
