import { readFileSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const dist = fileURLToPath(new URL('../../../dist/hooks/', import.meta.url));

interface Meta {
  outputs: Record<string, { inputs: Record<string, unknown>; imports: { path: string }[] }>;
}

/** The metadata and the output of the build of an executable. */
export class Bundle {
  readonly #main: string;
  readonly #program: string;
  readonly #output: Meta['outputs'][string] | undefined;

  /** @param name the name of the executable in `dist/hooks` */
  constructor(name: string) {
    this.#program = `${name}.cjs`;
    this.#main = `${name}-main`;
    const meta = JSON.parse(readFileSync(`${dist}${name}-meta.json`, 'utf8')) as Meta;
    this.#output = meta.outputs[`dist/hooks/${this.#main}.cjs`];
  }

  /** Our own modules by file; of a package only its name, as its files may change. */
  modules(): string[] {
    const inputs = Object.keys(this.#output?.inputs ?? {}).map((path) =>
      path.replace(/^node_modules\/((?:@[^/]+\/)?[^/]+)\/.*$/, 'package:$1'),
    );
    return [...new Set(inputs)].sort();
  }

  /** The built-in modules of Node that it loads. */
  nodeModules(): string[] {
    return [...new Set((this.#output?.imports ?? []).map(({ path }) => path))].sort();
  }

  /** Minified bytes of the program, and of its loader. */
  sizes(): { main: number; start: number } {
    return {
      main: statSync(`${dist}${this.#main}.cjs`).size,
      start: statSync(`${dist}${this.#program}`).size,
    };
  }

  /** Whether V8 accepts the code cache that was built for this Node. */
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
