import type { ReactNode } from 'react';
import { printable } from '../../core/lang/printable.ts';
import { ApiError } from '../api/client.ts';

/** A placeholder while content loads; choose `lines` to match the height of the content. */
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

/** An empty state: says why there is nothing, and what to do next. */
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
  if (!(error instanceof ApiError)) return 'This page failed';
  if (error.status === 0) return 'The server does not answer';
  if (error.status === 401) return 'This browser is not signed in';
  return 'The server could not answer';
}

function formatErrorAdvice(error: Error): string {
  if (!(error instanceof ApiError)) return printable(error.message);
  if (error.status === 0) return 'Start it again with `tallyhook serve`; this page then continues.';
  if (error.status === 401) return 'Open the address that `tallyhook serve` prints.';
  return printable(error.field === null ? error.message : `${error.field}: ${error.message}`);
}

interface LoadState<Document> {
  data: Document | undefined;
  error: Error | null;
  refetch: () => unknown;
}

/** Shows a document once it is loaded; if it can't be fetched again, the previous one stays. */
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
