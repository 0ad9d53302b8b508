import { Component, type ReactNode } from 'react';
import { ApiError } from '../api/client.ts';
import { Failed } from './states.tsx';

const UNREACHABLE = new ApiError(0, 'unreachable', 'The server does not answer.');

/** Contains an error of one page: the frame stays, with a button to try again. */
export class Boundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    // A browser does not fetch a module again that failed to load, so the page is reloaded once the server
    // answers again.
    const isMissing = /dynamically imported module/i.test(error.message);
    const onRetry = (): void => {
      if (!isMissing) this.setState({ error: null });
      else
        void fetch('/healthz').then(
          () => window.location.reload(),
          () => undefined,
        );
    };
    return <Failed error={isMissing ? UNREACHABLE : error} onRetry={onRetry} />;
  }
}
