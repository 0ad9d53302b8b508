import './styles/index.css';
import { flushSync } from 'react-dom';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { App } from './app.tsx';

const container = document.getElementById('app');
if (container !== null) {
  const onReady = (): void => {
    performance.mark('taken-over');
    window.replayEvents?.();
  };
  const app = <App onReady={onReady} />;
  // The frame in index.html matches the address `/` without parameters: only there can React hydrate it.
  // Synchronously, as waiting for the browser to paint first would take as long again.
  const { pathname, search } = window.location;
  const isAsBuilt = pathname === '/' && search === '';
  flushSync(() => {
    if (isAsBuilt) hydrateRoot(container, app);
    else createRoot(container).render(app);
  });
}
