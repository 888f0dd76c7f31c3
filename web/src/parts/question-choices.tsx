/** The answers to a question as buttons, each with its key; below them, undo and all keys. */

import type { Undoable } from '../last-said.ts';
import { type Act, chooseMapping, keysOf, mapping } from '../question-keys.ts';

/** @param props.asked the person who is asked about; null: who is it? */
export function QuestionChoices({
  asked,
  onAct,
}: {
  readonly asked: string | null;
  readonly onAct: (act: Act) => void;
}) {
  const keys = keysOf[mapping.value];
  const choice = (act: Act, text: string, style?: string) => (
    <button key={act} type="button" class={style} onClick={() => onAct(act)}>
      <kbd>{keys[act]}</kbd>
      {text}
    </button>
  );
  return (
    <div class="choices">
      {asked !== null && [choice('yes', 'Yes', 'first'), choice('no', 'No')]}
      {choice('name', asked === null ? 'Give a name' : 'Somebody else')}
      {choice('not-sure', 'Not sure')}
      {choice('stranger', 'Nobody I know')}
      {choice('not-a-face', 'Not a face')}
    </div>
  );
}

export function UndoAndKeys({
  undoable,
  helps,
  onAct,
}: {
  readonly undoable: Undoable | undefined;
  readonly helps: boolean;
  readonly onAct: (act: Act) => void;
}) {
  const keys = keysOf[mapping.value];
  return (
    <div class="choices quiet">
      <button type="button" class="plain undo" disabled={!undoable} onClick={() => onAct('undo')}>
        <kbd>{keys.undo}</kbd>
        <span>{undoable ? `Undo: ${undoable.text}` : 'Undo'}</span>
      </button>
      <button type="button" class="plain for-keys" aria-expanded={helps} onClick={() => onAct('help')}>
        <kbd>{keys.help}</kbd>Keys
      </button>
    </div>
  );
}

const meanings: Readonly<Record<Act, string>> = {
  yes: 'yes, or give a name',
  no: 'no',
  name: 'another name',
  'not-sure': 'not sure',
  stranger: 'nobody I know',
  'not-a-face': 'not a face',
  undo: 'undo, as Ctrl Z',
  help: 'these keys, as ?',
};

export function Keys() {
  const keys = keysOf[mapping.value];
  const rows = [
    ...(Object.keys(meanings) as Act[]).map((act) => [keys[act], meanings[act]] as const),
    ['1 to 9', 'one of the likeliest people'] as const,
  ];
  return (
    <section aria-label="Keys">
      <dl class="keys">
        {rows.map(([key, meaning]) => (
          <div key={meaning}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <button
        type="button"
        aria-pressed={mapping.value === 'left'}
        onClick={() => chooseMapping(mapping.value === 'left' ? 'usual' : 'left')}
      >
        Keys for the left hand
      </button>
    </section>
  );
}
