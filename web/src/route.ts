/** Which screen is shown: the path of the page. Going back and forth works, and every screen can be linked to. */

import { signal } from '@preact/signals';

const here = (): URL => new URL(location.href);

export const route = signal(here());

export function go(address: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  route.value = here();
  if (!replace) scrollTo(0, 0);
}

export function followLinks(): void {
  addEventListener('popstate', () => {
    route.value = here();
  });
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest?.('a[href^="/"]');
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!(link instanceof HTMLAnchorElement) || !isPlain || link.target || link.download) return;
    event.preventDefault();
    go(link.getAttribute('href')!);
  });
}
