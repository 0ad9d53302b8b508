import { type ComponentType, useEffect, useLayoutEffect, useState } from 'react';
import { Frame } from './frame.tsx';
import { useUrlState } from './state/store.ts';
import { PAGE_TITLES } from './state/view.ts';
import { Skeleton } from './ui/states.tsx';

/** @param onReady called once, when the frame reacts to events */
export function App({ onReady }: { onReady: () => void }) {
  const page = useUrlState(({ view }) => view.page);
  // Not with Suspense, which delays content by 300 ms if it follows a fallback too soon.
  const [Content, setContent] = useState<ComponentType | null>(null);
  useEffect(
    () => void import('./routes.tsx').then(({ default: routes }) => setContent(() => routes)),
    [],
  );
  useLayoutEffect(onReady, [onReady]);
  useEffect(() => {
    document.title = `${PAGE_TITLES[page]} · tallyhook`;
  }, [page]);
  return <Frame>{Content === null ? <Skeleton lines={8} /> : <Content />}</Frame>;
}
