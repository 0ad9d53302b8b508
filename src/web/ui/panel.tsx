import { type ReactNode, useId } from 'react';
import { Boundary } from './boundary.tsx';

/** A part of a page, which fails by itself, with its heading, and what belongs to the heading at its right. */
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
