// npm runs this after an install in a checkout. After `npm ci --omit=dev` esbuild is not installed, and the
// built files either exist already or are not needed, so a missing esbuild must not fail the install.
import { existsSync } from 'node:fs';

let hasBuilder = true;
try {
  import.meta.resolve('esbuild');
} catch {
  hasBuilder = false;
}
if (hasBuilder && existsSync(new URL('../src', import.meta.url))) await import('./build.mjs');
else console.log('tallyhook: nothing built (esbuild is not installed)');
