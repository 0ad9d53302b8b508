import { type ReactNode, useId } from 'react';
import { Boundary } from './boundary.tsx';

/** A section of a page, with `aside` to the right of its heading. An error in it does not affect the rest. */
export function Panel({
  title,
  note,
  aside,
  children,
  className = '',
}: {
  title: string;
  note?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header className="panel-head">
        <div>
          <h2 id={id}>{title}</h2>
          {note === undefined ? null : <p className="note">{note}</p>}
        </div>
        {aside === undefined ? null : <div className="panel-aside">{aside}</div>}
      </header>
      <Boundary>{children}</Boundary>
    </section>
  );
}
