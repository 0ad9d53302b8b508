import './styles/index.css';
import { flushSync } from 'react-dom';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { App } from './app.tsx';

const place = document.getElementById('app');
if (place !== null) {
  const onReady = (): void => {
    performance.mark('taken-over');
    window.replayEvents?.();
  };
  const app = <App onReady={onReady} />;
  // The frame in index.html is that of the address without anything: React takes it as it is. At once, not when
  // the browser has drawn it: that takes as long again.
  const { pathname, search } = window.location;
  const isAsBuilt = pathname === '/' && search === '';
  flushSync(() => {
    if (isAsBuilt) hydrateRoot(place, app);
    else createRoot(place).render(app);
  });
}
