import { once } from 'node:events';
import { type IncomingHttpHeaders, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';

/**
 * How a receiver reacts: it accepts the message, refuses the connection, accepts it without an answer,
 * disconnects halfway or after the complete message, or answers with an error.
 */
export type Trouble =
  | 'none'
  | 'refuses'
  | 'hangs'
  | 'breaks half-way'
  | 'breaks after'
  | 'fails'
  | 'asks for 90 s';

/** A message that reached a receiver completely. */
export interface Arrival {
  id: string;
  body: string;
  headers: IncomingHttpHeaders;
  /** False: the receiver did not acknowledge it. */
  isTaken: boolean;
}

/** A server on this machine that receives alerts. */
export interface Receiver {
  /** In the order of arrival. */
  arrivals: Arrival[];
  /** Sets the reaction to further messages; a server that refuses connections is closed. */
  be: (trouble: Trouble) => Promise<void>;
  port: number;
  /** Called when a message has arrived, before the answer. */
  onArrival: (arrival: Arrival) => void | Promise<void>;
}

/** In the order of their first arrival. */
export function uniqueIds({ arrivals }: Receiver): string[] {
  return [...new Set(arrivals.map(({ id }) => id))];
}

/** The receiver of a webhook; also used for Slack and ntfy. */
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

/** A mail server that accepts anonymous clients, and the user `me` with the password `sesame`. */
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
    // Clients that disconnect are expected in these tests.
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
