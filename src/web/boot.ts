// What answers before React is there: the frame stands in index.html already. What is clicked or chosen
// is kept, and done when React has taken over; the page is what its address says.
declare global {
  interface Window {
    /** Does what was done before; called once, by who takes over. */
    replayEvents?: () => void;
  }
}

export interface QueuedEvent {
  key: string;
  /** Of a choice. */
  value: string | null;
}

const CONTROLS = 'a, button, input, select';

let theme: string | null = null;
try {
  theme = localStorage.getItem('tallyhook-theme');
} catch {
  // No storage: the system's.
}
if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;

/** Makes the frame that of its address. */
function showAddress(): void {
  const choice = document.querySelector<HTMLSelectElement>('.top-end select');
  if (choice !== null) choice.value = document.documentElement.dataset['theme'] ?? 'system';
  const [, first = ''] = window.location.pathname.split('/');
  const asked = new URLSearchParams(window.location.search);
  if (first !== '' && first !== 'coverage') document.querySelector('.controls')?.remove();
  for (const link of document.querySelectorAll('nav a')) {
    const isHere = link.getAttribute('href')?.slice(1) === first;
    if (isHere) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  for (const input of document.querySelectorAll<HTMLInputElement>('.controls input')) {
    input.checked = input.value === (asked.get('range') ?? '24h');
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
// Where React's script stands, the frame in front of it is whole; that script is waited for by all that comes later.
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
      // React may have taken over the very one that was clicked: only what changes is told.
      if (control instanceof HTMLInputElement) control.checked = false;
      control.click();
    }
  }
};
