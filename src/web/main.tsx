import './styles/index.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

const place = document.getElementById('app');
if (place !== null) {
  const onReady = (): void => {
    performance.mark('taken-over');
    window.takeOver?.();
  };
  createRoot(place).render(<App onReady={onReady} />);
}
