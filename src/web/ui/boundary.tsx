import { Component, type ReactNode } from 'react';
import { ApiError } from '../api/client.ts';
import { Failed } from './states.tsx';

const UNREACHABLE = new ApiError(0, 'unreachable', 'The server does not answer.');

/** A fault of one page leaves the frame, and a way to try again. */
export class Boundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    // A part of the program that could not be fetched is not asked for twice by one page: that is loaded
    // anew, once there is a server again.
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
