import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';

export interface ConnectionLimits {
  /** Connections at once. Above it, the oldest one without a complete request is closed. */
  most: number;
  /** For all headers of a request, from its first byte or from the start of the connection, milliseconds. */
  headersMs: number;
  /** For a complete request, milliseconds. */
  requestMs: number;
  /** For the next request on a connection, milliseconds. */
  idleMs: number;
  /** Without a byte in either direction while a request is answered, milliseconds. */
  silentMs: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  most: 1000,
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 5000,
  silentMs: 120_000,
};

/** Node checks for late requests at an interval, by default every 30 s, whatever their limit is. */
const CHECK_MS = 1000;

/** The options of `http.createServer` that enforce the limits. */
export function serverOptions({ headersMs, requestMs, idleMs }: ConnectionLimits) {
  return {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    connectionsCheckingInterval: Math.min(CHECK_MS, headersMs, requestMs),
  };
}

/** Closes idle connections, and the oldest ones above the limit. */
export function limitConnections(http: HttpServer, limits: ConnectionLimits): void {
  const { most, headersMs, idleMs, silentMs } = limits;
  /** All open connections, the one that has waited longest first; null: no request has begun. */
  const open = new Map<Socket, IncomingMessage | null>();
  const timers = new Map<Socket, NodeJS.Timeout>();
  const wait = (socket: Socket, ms: number): void => {
    clearTimeout(timers.get(socket));
    if (socket.destroyed) return;
    open.delete(socket);
    open.set(socket, null);
    // Node's own timers restart with each byte, even with an empty line, which does not begin a request.
    const late = setTimeout(() => socket.destroy(), ms);
    timers.set(socket, late);
  };
  http.timeout = silentMs;
  http.on('connection', (socket: Socket) => {
    if (open.size >= most && !makeRoom(open)) {
      socket.destroy();
      return;
    }
    // Node's own limit comes first, and answers 408.
    wait(socket, headersMs + 2 * CHECK_MS);
    socket.once('close', () => {
      clearTimeout(timers.get(socket));
      timers.delete(socket);
      open.delete(socket);
    });
  });
  http.on('request', (incoming, answer) => {
    const { socket } = incoming;
    clearTimeout(timers.get(socket));
    if (open.has(socket)) open.set(socket, incoming);
    answer.once('close', () => {
      // A client may have sent its next request before this one's answer.
      if (open.get(socket) === incoming) wait(socket, idleMs + headersMs + 2 * CHECK_MS);
    });
  });
}

/** @returns false if every connection has a request that is being answered */
function makeRoom(open: Map<Socket, IncomingMessage | null>): boolean {
  for (const [socket, incoming] of open) {
    // A connection whose client does not read its answer may be closed too.
    if (incoming?.complete === true && !socket.writableNeedDrain) continue;
    open.delete(socket);
    socket.destroy();
    return true;
  }
  return false;
}
