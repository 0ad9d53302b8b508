import type { MouseEvent, ReactNode } from 'react';
import { addressWith, useUrlState } from '../state/store.ts';
import type { View } from '../state/view.ts';

/** Goes to another view. A real link, so that it can be opened in another tab. */
export function ViewLink({
  to,
  children,
  className,
  isCurrent = false,
}: {
  to: Partial<View>;
  children: ReactNode;
  className?: string;
  isCurrent?: boolean;
}) {
  const view = useUrlState((state) => state.view);
  const navigate = useUrlState((state) => state.navigate);
  const onClick = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    navigate(to);
    window.scrollTo(0, 0);
  };
  return (
    <a
      href={addressWith(view, to)}
      className={className}
      onClick={onClick}
      {...(isCurrent ? { 'aria-current': 'page' as const } : {})}
    >
      {children}
    </a>
  );
}
