import { whole } from '../format.ts';

/** Goes through the pages of a list; not shown if there is only one page. */
export function Pager({
  at,
  pageSize,
  total,
  onGo,
}: {
  at: number;
  pageSize: number;
  total: number;
  onGo: (at: number) => void;
}) {
  const pages = Math.max(1, Math.ceil(total / pageSize));
  if (pages === 1 && at === 1) return null;
  const first = (at - 1) * pageSize + 1;
  const last = Math.min(total, at * pageSize);
  return (
    <nav className="pager" aria-label="Pages of the list">
      <button
        type="button"
        className="button"
        disabled={at <= 1}
        onClick={() => onGo(Math.min(at - 1, pages))}
      >
        Previous
      </button>
      <span aria-live="polite">
        {first > total
          ? 'Beyond the last page'
          : `${whole(first)}–${whole(last)} of ${whole(total)}`}
      </span>
      <button type="button" className="button" disabled={at >= pages} onClick={() => onGo(at + 1)}>
        Next
      </button>
    </nav>
  );
}
