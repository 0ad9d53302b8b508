import type { ReactNode } from 'react';
import { printable } from '../../core/lang/printable.ts';
import { ApiError } from '../api/client.ts';

/** In the place of what is being fetched; `lines` of about the height that it will have. */
export function Skeleton({ lines = 4, height }: { lines?: number; height?: 'chart' }) {
  return (
    <div className={`skeleton ${height === 'chart' ? 'skeleton-chart' : ''}`} aria-hidden="true">
      {height === 'chart' ? (
        <div className="skeleton-block" />
      ) : (
        Array.from({ length: lines }, (_, index) => <div key={index} className="skeleton-line" />)
      )}
    </div>
  );
}

/** Nothing is there: says why, and what to do next. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="state">
      <p className="state-title">{title}</p>
      {children === undefined ? null : <div className="state-text">{children}</div>}
    </div>
  );
}

export function Failed({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <div className="state state-error" role="alert">
      <p className="state-title">{formatErrorTitle(error)}</p>
      <p className="state-text">{formatErrorAdvice(error)}</p>
      <button type="button" className="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}

function formatErrorTitle(error: Error): string {
  if (!(error instanceof ApiError)) return 'Something is wrong with this page';
  if (error.status === 0) return 'The server does not answer';
  if (error.status === 401) return 'This browser is not signed in';
  return 'The server could not answer';
}

function formatErrorAdvice(error: Error): string {
  if (!(error instanceof ApiError)) return printable(error.message);
  if (error.status === 0) return 'Start it again with `tallyhook serve`; this page then goes on.';
  if (error.status === 401) return 'Open the address that `tallyhook serve` prints.';
  return printable(error.field === null ? error.message : `${error.field}: ${error.message}`);
}

interface LoadState<Document> {
  data: Document | undefined;
  error: Error | null;
  refetch: () => unknown;
}

/** What a document is shown with once it is there; what was there before stays while it can't be fetched. */
export function Loaded<Document>({
  of,
  waiting = <Skeleton />,
  children,
}: {
  of: LoadState<Document>;
  waiting?: ReactNode;
  children: (document: Document) => ReactNode;
}) {
  if (of.data !== undefined) return children(of.data);
  if (of.error !== null) return <Failed error={of.error} onRetry={() => void of.refetch()} />;
  return (
    <div aria-busy="true">
      <span className="only-read">Loading</span>
      {waiting}
    </div>
  );
}
