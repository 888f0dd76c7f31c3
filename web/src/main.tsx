/** The page: which screen is shown, and what stands around it. */

import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { followChanges } from './changes.ts';
import { mayDo } from './me.ts';
import { BottomLine } from './parts/bottom-line.tsx';
import { JobLine } from './parts/job-line.tsx';
import { UndoButton } from './parts/undo-button.tsx';
import { followLinks, route } from './route.ts';
import { FacesScreen } from './screens/faces.tsx';
import { LogScreen } from './screens/log.tsx';
import { ModelScreen } from './screens/model.tsx';
import { People } from './screens/people.tsx';
import { PhotoScreen } from './screens/photo.tsx';
import { Photos } from './screens/photos.tsx';
import { Questions } from './screens/questions.tsx';
import { SettingsScreen } from './screens/settings.tsx';
import { Teach } from './screens/teach.tsx';
import { TrainingScreen } from './screens/training.tsx';
import './style/base.css';
import './style/controls.css';
import './style/people.css';
import './style/faces.css';
import './style/question.css';
import './style/photo.css';
import './style/notices.css';
import './style/teach.css';
import './style/settings.css';

const screens = [
  ['/people', 'People', 'look'],
  ['/questions', 'Questions', 'answer'],
  ['/photos', 'Photos', 'look'],
  ['/teach', 'Teach', 'own'],
  ['/album', 'Album', 'look'],
  ['/settings', 'Settings', 'own'],
] as const;

function Page() {
  const { pathname } = route.value;
  const at = pathname === '/' ? '/people' : pathname;
  const title = at.startsWith('/groups') ? 'People' : titleOf(at);
  const shown = screens.filter(([, , least]) => mayDo(least));
  useEffect(() => {
    document.title = `${title} · whosin`;
  }, [title]);
  return (
    <>
      <a class="skip" href="#main">
        To the content
      </a>
      <nav aria-label="Screens">
        <a class="brand" href="/people">
          whosin
        </a>
        {shown.map(([path, name]) => (
          <a key={path} href={path} aria-current={name === title ? 'page' : undefined}>
            {name}
          </a>
        ))}
        {mayDo('answer') && at !== '/questions' && <UndoButton />}
      </nav>
      <JobLine />
      <main id="main">{screenAt(at)}</main>
      <BottomLine />
    </>
  );
}

function titleOf(path: string): string {
  const [, title] = screens.find(([start]) => path.startsWith(start)) ?? [];
  return title ?? 'No such page';
}

function screenAt(path: string) {
  const [, first = '', second, third] = path.split('/');
  if (first === 'people')
    return second ? <FacesScreen of={{ uid: decodeURIComponent(second) }} /> : <People />;
  if (first === 'groups' && second) return <FacesScreen of={{ group: Number(second) }} />;
  if (first === 'questions') return <Questions />;
  if (first === 'photos') return second ? <PhotoScreen sha256={second} /> : <Photos />;
  if (first === 'album') return <LogScreen />;
  if (first === 'settings') return <SettingsScreen />;
  if (first === 'teach' && second === 'models' && third)
    return <ModelScreen name={decodeURIComponent(third)} />;
  if (first === 'teach' && second === 'jobs' && third)
    return <TrainingScreen key={third} id={Number(third)} />;
  if (first === 'teach') return <Teach />;
  return (
    <section class="welcome">
      <h1>There is no such page</h1>
      <p>
        Nothing of the album has the address <code>{path}</code>. <a href="/people">Go to the people</a>.
      </p>
    </section>
  );
}

followLinks();
followChanges();
render(<Page />, document.getElementById('page')!);
