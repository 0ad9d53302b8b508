// Runs before React has loaded: the frame is already in index.html. Clicks and choices are queued, and
// replayed once React has taken over. The frame is adjusted to the page's address.
declare global {
  interface Window {
    /** Replays the queued events; called once, when React takes over. */
    replayEvents?: () => void;
  }
}

export interface QueuedEvent {
  key: string;
  /** The chosen value of a select; null for a click. */
  value: string | null;
}

const CONTROLS = 'a, button, input, select';

let theme: string | null = null;
try {
  theme = localStorage.getItem('tallyhook-theme');
} catch {
  // Storage is not available: the system's theme applies.
}
if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;

/** Adjusts the frame in index.html to the address. */
function showAddress(): void {
  const choice = document.querySelector<HTMLSelectElement>('.top-end select');
  if (choice !== null) choice.value = document.documentElement.dataset['theme'] ?? 'system';
  const [, first = ''] = window.location.pathname.split('/');
  const parameters = new URLSearchParams(window.location.search);
  if (first !== '' && first !== 'coverage') document.querySelector('.controls')?.remove();
  for (const link of document.querySelectorAll('nav a')) {
    const isCurrent = link.getAttribute('href')?.slice(1) === first;
    if (isCurrent) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  for (const input of document.querySelectorAll<HTMLInputElement>('.controls input')) {
    input.checked = input.value === (parameters.get('range') ?? '24h');
    input.parentElement?.classList.toggle('is-on', input.checked);
  }
  performance.mark('interactive');
}

const queue: QueuedEvent[] = [];

function describeControl(control: Element): string {
  const text = control.closest('label')?.textContent ?? control.textContent ?? '';
  const name = control instanceof HTMLSelectElement ? '' : text;
  return `${control.tagName} ${control.getAttribute('aria-label') ?? name}`;
}

function queueEvent(event: Event): void {
  const control = event.target instanceof Element ? event.target.closest(CONTROLS) : null;
  if (control === null || control.classList.contains('skip')) return;
  const isChoice = control instanceof HTMLSelectElement;
  if (isChoice !== (event.type === 'change')) return;
  if (control instanceof HTMLAnchorElement) event.preventDefault();
  for (const label of control.closest('.segmented')?.querySelectorAll('label') ?? []) {
    label.classList.toggle('is-on', label.contains(control));
  }
  queue.push({ key: describeControl(control), value: isChoice ? control.value : null });
}

document.addEventListener('click', queueEvent);
document.addEventListener('change', queueEvent);
// The script element after the frame shows that the frame has been parsed completely.
const waiting = new MutationObserver(() => {
  if (document.querySelector('#app + script') === null) return;
  waiting.disconnect();
  showAddress();
});
waiting.observe(document, { childList: true, subtree: true });
window.replayEvents = () => {
  delete window.replayEvents;
  waiting.disconnect();
  document.removeEventListener('click', queueEvent);
  document.removeEventListener('change', queueEvent);
  for (const { key, value } of queue) {
    const control = [...document.querySelectorAll<HTMLElement>(CONTROLS)].find(
      (one) => describeControl(one) === key,
    );
    if (control instanceof HTMLSelectElement && value !== null) {
      control.value = value;
      control.dispatchEvent(new Event('change', { bubbles: true }));
    } else if (control !== undefined) {
      // React may have hydrated the very radio button that was clicked; it reports only changes of its state.
      if (control instanceof HTMLInputElement) control.checked = false;
      control.click();
    }
  }
};
