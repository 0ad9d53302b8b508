import { create } from 'zustand';
import { DEFAULT_VIEW, type View, addressOf, viewOf } from './view.ts';

interface ViewState {
  view: View;
  /** Goes to a view that differs in this; the back button comes back. */
  go: (change: Partial<View>, options?: { isReplacing?: boolean }) => void;
}

/** Where the table stands depends on what it lists: that begins at its first page. */
const LISTED: readonly (keyof View)[] = ['range', 'from', 'to', 'filters', 'sort', 'order'];

export const useView = create<ViewState>((set, get) => ({
  view: viewOf(window.location.pathname, window.location.search),
  go: (change, options) => {
    const isNewList = LISTED.some((name) => name in change) && !('at' in change);
    const view = { ...get().view, ...(isNewList ? { at: 1, open: '' } : {}), ...change };
    const address = addressOf(view);
    if (options?.isReplacing === true) window.history.replaceState(null, '', address);
    else if (address !== window.location.pathname + window.location.search) {
      window.history.pushState(null, '', address);
    }
    set({ view });
  },
}));

window.addEventListener('popstate', () => {
  useView.setState({ view: viewOf(window.location.pathname, window.location.search) });
});

/** The address of a view that differs in this from the one that is shown; for links. */
export function addressWith(view: View, change: Partial<View>): string {
  return addressOf({ ...view, ...change });
}

export function hasFilters(view: View): boolean {
  return Object.keys(view.filters).length > 0;
}

export function cleared(): Partial<View> {
  return { filters: {}, range: DEFAULT_VIEW.range, from: '', to: '' };
}
