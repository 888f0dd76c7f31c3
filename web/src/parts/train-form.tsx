/** Begins a training: people or pictures, from which folders, under which name. */

import { useId, useState } from 'preact/hooks';
import { answered, client, type Job } from '../api.ts';
import type { Model } from '../models.ts';
import { type From, useBegin } from '../teaching.ts';
import { FolderSource, type Source, suggestedName } from './folder-source.tsx';

type Kind = 'people' | 'pictures';

/** As the tutorials have it; retrain.py's own 4,000 learn small folders by heart. */
const usualSteps = 500;

export function TrainForm({ models }: { readonly models: readonly Model[] }) {
  const [on, setOn] = useState<Kind>('people');
  const [source, setSource] = useState<Source>();
  const [given, setGiven] = useState<string>();
  const [steps, setSteps] = useState(usualSteps);
  const [isStepwise, setStepwise] = useState(true);
  const [network, setNetwork] = useState('');
  const { busy, begin } = useBegin();
  const id = useId();
  const name = given ?? freeName(suggestedName(source), models);

  const start = (from: From): Promise<Job> => {
    const body = {
      name,
      on,
      from,
      network: on === 'pictures' && network !== '' ? network : null,
      steps: isStepwise ? steps : null,
    };
    return answered(client.POST('/api/v1/models', { body }));
  };

  return (
    <form
      class="teach-form"
      onSubmit={(event) => {
        event.preventDefault();
        void begin(source, start);
      }}
    >
      <fieldset class="kinds">
        <legend>What shall it learn?</legend>
        <Choice name={id} value="people" now={on} onChoose={setOn} title="People">
          Who is in a photo. A few photos of each person are enough; the face that agrees with the others is
          found.
        </Choice>
        <Choice name={id} value="pictures" now={on} onChoose={setOn} title="Pictures">
          Things of any kind: flowers, rooms, parts. Twenty pictures of each or more.
        </Choice>
      </fieldset>
      <FolderSource source={source} onSource={setSource} each={on === 'people' ? 'person' : 'label'} />
      <div class="fields">
        <label>
          Name of the model
          <input
            value={name}
            maxLength={64}
            spellcheck={false}
            autocomplete="off"
            pattern="[A-Za-z0-9][A-Za-z0-9._\-]*"
            title="Letters, digits, dots, dashes and underlines"
            onInput={(event) => setGiven(event.currentTarget.value)}
          />
        </label>
        {on === 'pictures' && (
          <>
            <label>
              On the network
              <select value={network} onChange={(event) => setNetwork(event.currentTarget.value)}>
                {models
                  .filter(({ teaches }) => teaches)
                  .map((model, i) => (
                    <option key={model.name} value={i === 0 ? '' : model.name}>
                      {model.name}
                    </option>
                  ))}
              </select>
            </label>
            <label>
              How
              <select
                value={isStepwise ? 'steps' : 'optimum'}
                onChange={(event) => setStepwise(event.currentTarget.value === 'steps')}
              >
                <option value="steps">step by step, as retrain.py</option>
                <option value="optimum">to the optimum at once</option>
              </select>
            </label>
            {isStepwise && (
              <label>
                Steps
                <input
                  type="number"
                  min={1}
                  max={100_000}
                  value={steps}
                  onInput={(event) => setSteps(event.currentTarget.valueAsNumber)}
                />
              </label>
            )}
          </>
        )}
      </div>
      <button
        type="submit"
        class="first"
        disabled={source === undefined || name === '' || busy !== undefined}
      >
        {busy ?? 'Teach'}
      </button>
      <span role="status" class="unseen">
        {busy}
      </span>
    </form>
  );
}

function Choice(props: {
  readonly name: string;
  readonly value: Kind;
  readonly now: Kind;
  readonly onChoose: (kind: Kind) => void;
  readonly title: string;
  readonly children: string;
}) {
  const { name, value, now, onChoose, title, children } = props;
  return (
    <label class="kind">
      <input type="radio" name={name} checked={value === now} onChange={() => onChoose(value)} />
      <span>
        <b>{title}</b>
        <small>{children}</small>
      </span>
    </label>
  );
}

function freeName(name: string, models: readonly Model[]): string {
  const isTaken = (one: string): boolean => models.some((model) => model.name === one);
  if (name === '' || !isTaken(name)) return name;
  for (let n = 2; ; n++) if (!isTaken(`${name}-${n}`)) return `${name}-${n}`;
}
