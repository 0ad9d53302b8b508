// npm runs this after an install in a checkout. With `npm ci --omit=dev` there is no esbuild, and
// the built files are either there already or wanted by nobody: building must not fail the install.
import { existsSync } from 'node:fs';

let hasBuilder = true;
try {
  import.meta.resolve('esbuild');
} catch {
  hasBuilder = false;
}
if (hasBuilder && existsSync(new URL('../src', import.meta.url))) await import('./build.mjs');
else console.log('tallyhook: nothing built (esbuild is not installed)');
