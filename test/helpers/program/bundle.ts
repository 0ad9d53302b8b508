import { readFileSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const dist = fileURLToPath(new URL('../../../dist/hooks/', import.meta.url));

interface Meta {
  outputs: Record<string, { inputs: Record<string, unknown>; imports: { path: string }[] }>;
}

/** What the build says of an executable, and what it has made of it. */
export class Bundle {
  readonly #main: string;
  readonly #program: string;
  readonly #output: Meta['outputs'][string] | undefined;

  /** @param name of the executable, as it is in `dist/hooks` */
  constructor(name: string) {
    this.#program = `${name}.cjs`;
    this.#main = `${name}-main`;
    const meta = JSON.parse(readFileSync(`${dist}${name}-meta.json`, 'utf8')) as Meta;
    this.#output = meta.outputs[`dist/hooks/${this.#main}.cjs`];
  }

  /** Our modules; of a package only that it is there: its files are its own business. */
  modules(): string[] {
    const inputs = Object.keys(this.#output?.inputs ?? {}).map((path) =>
      path.replace(/^node_modules\/((?:@[^/]+\/)?[^/]+)\/.*$/, 'package:$1'),
    );
    return [...new Set(inputs)].sort();
  }

  /** What it has Node load. */
  nodeModules(): string[] {
    return [...new Set((this.#output?.imports ?? []).map(({ path }) => path))].sort();
  }

  /** Bytes, minified: of all that it does, and of what starts that. */
  sizes(): { main: number; start: number } {
    return {
      main: statSync(`${dist}${this.#main}.cjs`).size,
      start: statSync(`${dist}${this.#program}`).size,
    };
  }

  /** Whether V8 takes the code cache that was built for this Node. */
  isCacheTaken(): boolean {
    const ending = `${process.version}-${process.arch}.cache`;
    const name = readdirSync(dist).find(
      (file) => file.startsWith(`${this.#main}-`) && file.endsWith(ending),
    );
    const script = new Script(readFileSync(`${dist}${this.#main}.cjs`, 'latin1'), {
      filename: `${dist}${this.#main}.cjs`,
      cachedData: readFileSync(`${dist}${name}`),
    });
    return script.cachedDataRejected === false;
  }
}
