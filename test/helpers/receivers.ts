import { once } from 'node:events';
import { type IncomingHttpHeaders, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';

/**
 * What a receiver does with what it gets: takes it; refuses the connection; takes it and says nothing;
 * breaks off half-way through, or once it has all of it; answers that it can't.
 */
export type Trouble =
  | 'none'
  | 'refuses'
  | 'hangs'
  | 'breaks half-way'
  | 'breaks after'
  | 'fails'
  | 'asks for 90 s';

/** What reached a receiver as a whole. */
export interface Arrival {
  id: string;
  body: string;
  headers: IncomingHttpHeaders;
  /** False: it did not say so. */
  isTaken: boolean;
}

/** A server on this machine that alerts are sent to. */
export interface Receiver {
  /** In the order of arrival. */
  arrivals: Arrival[];
  /** What is done with the next ones; a server that refuses is closed. */
  be: (trouble: Trouble) => Promise<void>;
  port: number;
  /** Called when something has reached it, before it answers. */
  onArrival: (arrival: Arrival) => void | Promise<void>;
}

/** In the order of their first arrival. */
export function uniqueIds({ arrivals }: Receiver): string[] {
  return [...new Set(arrivals.map(({ id }) => id))];
}

/** A webhook's receiver; Slack's and ntfy's are the same one. */
export async function httpReceiver(): Promise<Receiver> {
  let server: Server | null = null;
  let trouble: Trouble = 'none';
  const receiver: Receiver = { arrivals: [], be, port: 0, onArrival: () => undefined };

  function listener(): Server {
    return createServer((request, response) => {
      if (trouble === 'breaks half-way') {
        request.once('data', () => request.socket.destroy());
        return;
      }
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', async () => {
        const id = String(
          request.headers['webhook-id'] ?? request.headers['x-sequence-id'] ?? body,
        );
        const arrival = { id, body, headers: request.headers, isTaken: trouble === 'none' };
        receiver.arrivals.push(arrival);
        await receiver.onArrival(arrival);
        if (trouble === 'hangs') return;
        if (trouble === 'breaks after') request.socket.destroy();
        else if (trouble === 'asks for 90 s')
          response.writeHead(429, { 'retry-after': '90' }).end();
        else response.writeHead(trouble === 'fails' ? 500 : 204).end();
      });
    });
  }

  async function be(next: Trouble): Promise<void> {
    trouble = next;
    if (next === 'refuses' && server !== null) {
      server.closeAllConnections();
      await new Promise((resolve) => server?.close(resolve));
      server = null;
    } else if (next !== 'refuses' && server === null) {
      server = listener().listen(receiver.port, '127.0.0.1');
      await once(server, 'listening');
      receiver.port = (server.address() as AddressInfo).port;
    }
  }

  await be('none');
  onTestFinished(() => be('refuses'));
  return receiver;
}

/** A mail server that lets anybody in, and its user `me` with the password `sesame`. */
export async function smtpReceiver(): Promise<Receiver> {
  let server: SMTPServer | null = null;
  let trouble: Trouble = 'none';
  const receiver: Receiver = { arrivals: [], be, port: 0, onArrival: () => undefined };
  const sockets = new Set<{ destroy: () => unknown }>();

  function listener(): SMTPServer {
    const made = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      closeTimeout: 10,
      disableReverseLookup: true,
      onAuth: ({ username, password }, _session, done) => {
        if (username === 'me' && password === 'sesame') done(null, { user: username });
        else done(new Error(`no entry with ${password}`));
      },
      onRcptTo: ({ address }, _session, done) => {
        if (address.startsWith('nobody@')) done(new Error('no such user here'));
        else done();
      },
      onData: (stream, _session, done) => {
        if (trouble === 'breaks half-way') {
          for (const socket of sockets) socket.destroy();
          return;
        }
        let body = '';
        stream.on('data', (chunk) => (body += String(chunk)));
        stream.on('end', async () => {
          const [, id = ''] = /^Message-ID: <(.*)@tallyhook\.invalid>/im.exec(body) ?? [];
          const arrival = { id, body, headers: {}, isTaken: trouble === 'none' };
          receiver.arrivals.push(arrival);
          await receiver.onArrival(arrival);
          if (trouble === 'hangs') return;
          if (trouble === 'breaks after') for (const socket of sockets) socket.destroy();
          else if (trouble === 'fails')
            done(Object.assign(new Error('later'), { responseCode: 451 }));
          else done();
        });
      },
    });
    made.server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    // A client that breaks off is what these tests are about.
    made.on('error', () => undefined);
    return made;
  }

  async function be(next: Trouble): Promise<void> {
    trouble = next;
    if (next === 'refuses' && server !== null) {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server?.close(() => resolve()));
      server = null;
    } else if (next !== 'refuses' && server === null) {
      server = listener();
      server.listen(receiver.port, '127.0.0.1');
      await once(server.server, 'listening');
      receiver.port = (server.server.address() as AddressInfo).port;
    }
  }

  await be('none');
  onTestFinished(() => be('refuses'));
  return receiver;
}
