import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';

export interface ConnectionLimits {
  /** Connections at once; beyond it the oldest one without a whole request makes room. */
  most: number;
  /** For all headers of a request, from its first byte or from the connection, milliseconds. */
  headersMs: number;
  /** For a whole request, milliseconds. */
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

/** Node looks for late requests only now and then: by default every 30 s, whatever their limit is. */
const CHECK_MS = 1000;

/** Options of `http.createServer` that hold the limits. */
export function serverOptions({ headersMs, requestMs, idleMs }: ConnectionLimits) {
  return {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    connectionsCheckingInterval: Math.min(CHECK_MS, headersMs, requestMs),
  };
}

/** Closes connections that ask nothing, and those that are too many. */
export function limitConnections(http: HttpServer, limits: ConnectionLimits): void {
  const { most, headersMs, idleMs, silentMs } = limits;
  /** All of them, the one that has waited longest first; null: no request has begun. */
  const open = new Map<Socket, IncomingMessage | null>();
  const timers = new Map<Socket, NodeJS.Timeout>();
  const wait = (socket: Socket, ms: number): void => {
    clearTimeout(timers.get(socket));
    if (socket.destroyed) return;
    open.delete(socket);
    open.set(socket, null);
    // Node's own timers start anew with each byte, also with an empty line, which begins no request.
    const late = setTimeout(() => socket.destroy(), ms);
    timers.set(socket, late);
  };
  http.timeout = silentMs;
  http.on('connection', (socket: Socket) => {
    if (open.size >= most && !makeRoom(open)) {
      socket.destroy();
      return;
    }
    // Node's limit comes first, and answers 408.
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

/** @returns false where every connection has a request that is being answered */
function makeRoom(open: Map<Socket, IncomingMessage | null>): boolean {
  for (const [socket, incoming] of open) {
    // Nor is one kept whose client does not read its answer.
    if (incoming?.complete === true && !socket.writableNeedDrain) continue;
    open.delete(socket);
    socket.destroy();
    return true;
  }
  return false;
}
