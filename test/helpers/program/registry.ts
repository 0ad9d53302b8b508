import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { PI_AI } from '../../../src/pricing/sources/pi-ai/package.ts';
import type { Home } from '../home.ts';
import { type Run, cliFile } from './run.ts';

/** Files of a package as npm packs them. */
export function tarball(files: Record<string, string>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const content = Buffer.from(text);
    const header = Buffer.alloc(512);
    header.write(`package/${name}`, 0);
    header.write('0000644\0', 100);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('0', 156);
    header.write('ustar\0', 257);
    const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
    return [header, content, padding];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

export interface Served {
  packed: Buffer;
  /** The integrity that the packument states; by default the correct one. */
  integrity?: string | null;
  /** Bytes that are sent before the connection breaks. */
  cutAt?: number;
  published?: string;
}

/** A registry on this machine that has one package. */
export async function registry(served: Served): Promise<string> {
  const server: Server = createServer((request, response) => {
    const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    if (request.url?.endsWith('.tgz') === true) {
      response.setHeader('content-length', served.packed.length);
      if (served.cutAt === undefined) response.end(served.packed);
      else response.write(served.packed.subarray(0, served.cutAt), () => response.destroy());
      return;
    }
    const sha512 = createHash('sha512').update(served.packed).digest('base64');
    const integrity = served.integrity === undefined ? `sha512-${sha512}` : served.integrity;
    const dist = { tarball: `${host}/pi-ai/-/pi-ai-9.9.9.tgz`, ...(integrity && { integrity }) };
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        name: PI_AI,
        'dist-tags': { latest: '9.9.9' },
        versions: { '9.9.9': { name: PI_AI, version: '9.9.9', dist } },
        time: { '9.9.9': served.published ?? '2098-01-02T03:04:05.000Z' },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Runs the built command line without blocking this process, so that its servers can answer. */
export function cliBeside(
  home: Home,
  args: string[],
  env: Record<string, string> = {},
): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cliFile, ...args], {
      cwd: home.folder,
      env: { ...home.env, ...env },
      timeout: 30_000,
      killSignal: 'SIGKILL',
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.stdin.end();
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
}
