// Runs when the dashboard is built: renders the frame of its pages as HTML.
import { renderToString } from 'react-dom/server';
import { Frame } from './frame.tsx';
import { Skeleton } from './ui/states.tsx';

export const html = renderToString(
  <Frame>
    <Skeleton lines={8} />
  </Frame>,
);
