/** An album without photos: what to do first. */

import { mayDo } from '../me.ts';
import { AddFolders } from './add-folders.tsx';

export function Welcome() {
  if (!mayDo('own')) {
    return (
      <section class="welcome">
        <h1>No photos yet</h1>
        <p>Somebody who owns this album adds a folder of photos first.</p>
      </section>
    );
  }
  return (
    <section class="welcome">
      <h1>Who is in your photos?</h1>
      <p>
        Choose a folder on this machine. whosin finds the faces, puts those of one person together, and asks
        you for names. It only reads your photos; nothing leaves this machine.
      </p>
      <AddFolders first />
    </section>
  );
}
