import { create } from 'zustand';
import { DEFAULT_VIEW, type View, formatAddress, parseView } from './view.ts';

interface ViewState {
  view: View;
  /** Goes to the view with these changes; the back button returns to the previous one. */
  navigate: (change: Partial<View>, options?: { isReplacing?: boolean }) => void;
}

/** A change of one of these changes the list of sessions, which then starts at its first page. */
const LISTED: readonly (keyof View)[] = ['range', 'from', 'to', 'filters', 'sort', 'order'];

export const useUrlState = create<ViewState>((set, get) => ({
  view: parseView(window.location.pathname, window.location.search),
  navigate: (change, options) => {
    const isNewList = LISTED.some((name) => name in change) && !('at' in change);
    const view = { ...get().view, ...(isNewList ? { at: 1, open: '' } : {}), ...change };
    const address = formatAddress(view);
    if (options?.isReplacing === true) window.history.replaceState(null, '', address);
    else if (address !== window.location.pathname + window.location.search) {
      window.history.pushState(null, '', address);
    }
    set({ view });
  },
}));

window.addEventListener('popstate', () => {
  useUrlState.setState({ view: parseView(window.location.pathname, window.location.search) });
});

/** The address of a view with these changes; for links. */
export function addressWith(view: View, change: Partial<View>): string {
  return formatAddress({ ...view, ...change });
}

export function hasFilters(view: View): boolean {
  return Object.keys(view.filters).length > 0;
}

export function cleared(): Partial<View> {
  return { filters: {}, range: DEFAULT_VIEW.range, from: '', to: '' };
}
