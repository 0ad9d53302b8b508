import { create } from 'zustand';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'tallyhook-theme';

/** `boot.ts` has already read it from the storage, whose first use takes as long as starting React. */
function applied(): Theme {
  const stored = globalThis.document?.documentElement.dataset['theme'];
  return THEMES.find((theme) => theme === stored) ?? 'system';
}

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export const useTheme = create<{ theme: Theme; choose: (theme: Theme) => void }>((set) => ({
  theme: applied(),
  choose: (theme) => {
    apply(theme);
    try {
      if (theme === 'system') localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, theme);
    } catch {
      // Storage is not available: the theme applies until the page is left.
    }
    set({ theme });
  },
}));
