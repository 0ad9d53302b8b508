import { useBusy } from './state/busy.ts';
import { useLive } from './state/live-state.ts';
import { useUrlState } from './state/store.ts';
import { THEMES, type Theme, useTheme } from './state/theme.ts';
import { PAGES, PAGE_TITLES } from './state/view.ts';
import { Select, Switch } from './ui/controls.tsx';
import { ViewLink } from './ui/link.tsx';

const THEME_NAMES: Record<Theme, string> = {
  system: 'System',
  light: 'Light',
  dark: 'Dark',
};

const LIVE_TEXTS = {
  off: 'Connecting',
  connecting: 'Connecting',
  on: 'Live',
  lost: 'Reconnecting',
} as const;
const LIVE_TONES = { off: 'wait', connecting: 'wait', on: 'good', lost: 'bad' } as const;

export function Header() {
  const { view, navigate } = useUrlState();
  const live = useLive(({ state }) => state);
  const { theme, choose } = useTheme();
  return (
    <header className="top">
      <ViewLink to={{ page: 'overview', sessionId: '' }} className="brand">
        <Mark />
        tallyhook
      </ViewLink>
      <nav aria-label="Pages">
        <ul>
          {PAGES.map((page) => (
            <li key={page}>
              <ViewLink
                to={{ page, sessionId: '', open: '', at: 1 }}
                isCurrent={view.page === page}
              >
                {PAGE_TITLES[page]}
              </ViewLink>
            </li>
          ))}
        </ul>
      </nav>
      <div className="top-end">
        <Switch
          label={view.isLive ? LIVE_TEXTS[live] : 'Live off'}
          isOn={view.isLive}
          tone={LIVE_TONES[live]}
          onChange={(isLive) => navigate({ isLive }, { isReplacing: true })}
        />
        <Switch
          label="Auto-refresh"
          isOn={view.isRefreshing}
          onChange={(isRefreshing) => navigate({ isRefreshing }, { isReplacing: true })}
        />
        <Refresh />
        <Select
          label="Theme"
          value={theme}
          options={THEMES.map((name) => [name, THEME_NAMES[name]] as const)}
          onChange={choose}
        />
      </div>
    </header>
  );
}

/** The same drawing as `icon.svg`, inline to avoid a request. */
function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
      <rect width="32" height="32" rx="7" />
      <path d="M9 8v16M14 8v16M19 8v16M24 8v16" />
      <path className="mark-fifth" d="M6 21 27 11" />
    </svg>
  );
}

function Refresh() {
  const { isBusy, refresh } = useBusy();
  return (
    <button
      type="button"
      className={`icon-button ${isBusy ? 'is-busy' : ''}`}
      aria-label="Refresh now"
      title="Refresh now"
      onClick={refresh}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d="M13.5 8a5.5 5.5 0 1 1-1.6-3.9M13.5 1.5v3h-3" />
      </svg>
    </button>
  );
}
