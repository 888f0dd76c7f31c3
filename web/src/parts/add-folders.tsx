/** Folders of photos come into the album. */

import { useState } from 'preact/hooks';
import { answered, client } from '../api.ts';
import { tell, told } from '../said.ts';

export function AddFolders({ first = false }: { readonly first?: boolean }) {
  const [path, setPath] = useState('');
  const add = async (): Promise<void> => {
    try {
      await answered(client.POST('/api/v1/jobs', { body: { kind: 'add', paths: [path.trim()] } }));
      setPath('');
      tell('The folder is being read. You can go on meanwhile.');
    } catch (error) {
      told(error);
    }
  };
  return (
    <form
      class="name-field wide"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <input
        aria-label="A folder of photos on this machine"
        placeholder="~/Pictures"
        value={path}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => setPath(event.currentTarget.value)}
      />
      <button type="submit" class="first" disabled={path.trim() === ''}>
        {first ? 'Read this folder' : 'Add folder'}
      </button>
    </form>
  );
}
