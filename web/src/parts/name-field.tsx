/** A field for a name, with the people of the album to choose from. */

import { useId, useState } from 'preact/hooks';
import { type Person, Refusal } from '../api.ts';
import { told } from '../said.ts';

export function NameField(props: {
  readonly people: readonly Pick<Person, 'person'>[];
  readonly label: string;
  readonly button?: string;
  readonly initial?: string;
  readonly autofocus?: boolean;
  /** May throw a refusal; `same`: whether it is the person who has that name, if somebody was asked. */
  readonly onName: (name: string, same?: boolean) => Promise<void>;
  readonly onCancel?: () => void;
}) {
  const { people, label, button = 'Name', initial = '', autofocus = false, onName, onCancel } = props;
  const [name, setName] = useState(initial);
  const [taken, setTaken] = useState<string>();
  const [busy, setBusy] = useState(false);
  /** The wall of people has many of these fields: five hundred names for each would be most of the page. */
  const [isEntered, setEntered] = useState(autofocus);
  const id = useId();

  const submit = async (same?: boolean): Promise<void> => {
    const clean = name.trim();
    if (clean === '' || busy) return;
    setBusy(true);
    try {
      await onName(clean, same);
      setName('');
      setTaken(undefined);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'in-use') setTaken(clean);
      else told(error);
    } finally {
      setBusy(false);
    }
  };

  if (taken !== undefined) {
    return (
      <div class="asked" role="alertdialog" aria-label="Is it the same person?">
        <span>
          There is somebody called <b>{taken}</b> already.
        </span>
        <button type="button" class="first" onClick={() => void submit(true)}>
          The same person
        </button>
        <button type="button" onClick={() => void submit(false)}>
          Somebody else
        </button>
        <button type="button" class="plain" onClick={() => setTaken(undefined)}>
          Cancel
        </button>
      </div>
    );
  }
  return (
    <form
      class="name-field"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <input
        aria-label={label}
        placeholder={label}
        list={id}
        value={name}
        maxLength={200}
        autocomplete="off"
        spellcheck={false}
        ref={(field) => {
          if (autofocus && field && document.activeElement !== field && name === initial) field.focus();
        }}
        onFocus={() => setEntered(true)}
        onInput={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Escape') onCancel?.();
        }}
      />
      {isEntered && (
        <datalist id={id}>
          {people.map(({ person }) => (
            <option key={person} value={person} />
          ))}
        </datalist>
      )}
      <button type="submit" class="first" disabled={name.trim() === '' || busy}>
        {button}
      </button>
      {onCancel && (
        <button type="button" class="plain" onClick={onCancel}>
          Cancel
        </button>
      )}
    </form>
  );
}
