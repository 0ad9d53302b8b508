// Runs when the dashboard is built: the frame of its pages as HTML.
import { renderToStaticMarkup } from 'react-dom/server';
import { Frame } from './frame.tsx';
import { Skeleton } from './ui/states.tsx';

export const html = renderToStaticMarkup(
  <Frame>
    <Skeleton lines={8} />
  </Frame>,
);
