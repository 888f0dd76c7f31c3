/** Asks any model about pictures that are dropped here: they are answered, and forgotten. */

import { useEffect, useId, useState } from 'preact/hooks';
import type { Answer } from '../api.ts';
import { send } from '../dropped.ts';
import type { Model } from '../models.ts';
import { told } from '../said.ts';
import { percent } from '../words.ts';
import { DropZone } from './drop-zone.tsx';
import { ModelChoice } from './model-choice.tsx';

type Identified = Answer<'Identified'>;
type Classified = Answer<'Classified'>;

interface Asked {
  readonly address: string;
  readonly name: string;
  readonly answer: Identified | Classified;
}

/** More fit on no screen. */
const mostPictures = 12;

export function AskModel({ models }: { readonly models: readonly Model[] }) {
  const [chosen, setChosen] = useState<string>();
  const [maxWrong, setMaxWrong] = useState('');
  const [asked, setAsked] = useState<readonly Asked[]>([]);
  const [busy, setBusy] = useState(false);
  const id = useId();
  const model = models.find(({ name }) => name === chosen) ?? models[0];
  useEffect(() => () => asked.forEach(({ address }) => URL.revokeObjectURL(address)), [asked]);
  if (!model) return null;
  const isOfPeople = model.kind === 'people';

  const ask = async (files: readonly File[]): Promise<void> => {
    const pictures = files.slice(0, mostPictures);
    if (pictures.length === 0 || busy) return;
    setBusy(true);
    try {
      const query = new URLSearchParams({
        model: model.name,
        ...(isOfPeople && maxWrong !== '' && { maxWrong }),
      });
      const { photos } = await send<{ photos: readonly (Identified | Classified)[] }>(
        `/api/v1/${isOfPeople ? 'identify' : 'classify'}?${query.toString()}`,
        pictures,
      );
      setAsked(
        photos.map((answer, i) => ({
          address: URL.createObjectURL(pictures[i]!),
          name: pictures[i]!.name,
          answer,
        })),
      );
    } catch (error) {
      told(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div class="ask">
      <div class="fields">
        <ModelChoice models={models} model={model} onChoose={setChosen} />
        {isOfPeople && model.state !== 'album' && (
          <label>
            Strangers who may get a name
            <select value={maxWrong} onChange={(event) => setMaxWrong(event.currentTarget.value)}>
              <option value="">as the model has it</option>
              <option value="0.1">10 %</option>
              <option value="0.01">1 %</option>
              <option value="0.001">0.1 %</option>
            </select>
          </label>
        )}
      </div>
      <DropZone onDropped={({ files }) => void ask([...files])}>
        <span>
          Drop a picture here, or{' '}
          <label class="button file" for={id}>
            {busy ? 'asking …' : 'choose pictures'}
            <input
              id={id}
              type="file"
              accept="image/*,.heic,.heif"
              multiple
              disabled={busy}
              onChange={(event) => {
                const field = event.currentTarget;
                const files = [...field.files!];
                // The same picture again is a change then, too.
                field.value = '';
                void ask(files);
              }}
            />
          </label>
        </span>
      </DropZone>
      <ul class="answers" aria-live="polite">
        {asked.map(({ address, name, answer }) => (
          <li key={address}>
            <img src={address} alt={name} />
            <div>
              <b>{name}</b>
              <Answers answer={answer} />
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Answers({ answer }: { readonly answer: Identified | Classified }) {
  if (answer.error) return <p class="failed">{answer.error.message}</p>;
  if ('faces' in answer) {
    if (answer.faces.length === 0) return <p>No face was found.</p>;
    return (
      <>
        {answer.faces.map(({ person, unknown, candidates, box }) => (
          <Bars
            key={`${box.left},${box.top}`}
            title={person ?? 'unknown'}
            bars={[
              ...candidates.slice(0, 3).map((one) => [one.person, one.probability] as const),
              ['nobody of them', unknown] as const,
            ]}
          />
        ))}
      </>
    );
  }
  if (answer.labels.length === 0) return <p>Nothing that the model knows was found.</p>;
  return <Bars bars={answer.labels.map(({ label, score }) => [label, score] as const)} />;
}

function Bars(props: {
  readonly title?: string;
  readonly bars: readonly (readonly [name: string, probability: number])[];
}) {
  const { title, bars } = props;
  return (
    <>
      {title !== undefined && <p class="answer">{title}</p>}
      <ul class="bars">
        {bars.map(([name, probability]) => (
          <li key={name}>
            <span>{name}</span>
            <meter min={0} max={1} value={probability} aria-hidden="true" />
            <span>{percent(probability)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
