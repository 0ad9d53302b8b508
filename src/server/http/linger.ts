import type { Server as HttpServer, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface LingerLimits {
  /** How long a connection that is being closed is still read, milliseconds. */
  totalMs: number;
  /** How long it may be silent, milliseconds. */
  silentMs: number;
  /** How many bytes are read at most. */
  bytes: number;
}

export const LINGER_LIMITS: LingerLimits = {
  totalMs: 15_000,
  silentMs: 5000,
  bytes: 1024 * 1024 * 1024,
};

const STATUS: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/**
 * Makes sure that an answer arrives when the server closes the connection after it. The kernel resets a
 * connection that is closed with unread bytes, and the reset may overtake the answer. So the server
 * ends only its own side, and reads and discards what the client still sends, within limits.
 */
export function lingerBehindAnswers(http: HttpServer, limits: LingerLimits): void {
  const lingering = new WeakSet<Socket>();
  const close = (socket: Socket): void => {
    if (socket.destroyed || lingering.has(socket)) return;
    lingering.add(socket);
    dropTheRest(socket, limits);
  };
  const answers = new WeakMap<Socket, ServerResponse>();
  http.on('connection', (socket: Socket) => {
    // Node calls it after the last answer of a connection.
    socket.destroySoon = () => close(socket);
  });
  http.on('request', ({ socket }, answer) => void answers.set(socket, answer));
  http.on('clientError', (error: NodeJS.ErrnoException, duplex) => {
    const socket = duplex as Socket;
    const answer = answers.get(socket);
    const isBetween = answer === undefined || answer.writableFinished || !answer.headersSent;
    if (error.code === 'ECONNRESET' || !socket.writable || !isBetween) {
      socket.destroy();
      return;
    }
    const status = STATUS[error.code ?? ''] ?? '400 Bad Request';
    socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    // A client that has sent nothing in time gets no more time.
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') socket.end(() => socket.destroy());
    else close(socket);
  });
}

function dropTheRest(socket: Socket, { totalMs, silentMs, bytes }: LingerLimits): void {
  let remaining = bytes;
  const end = (): void => void socket.destroy();
  const timer = setTimeout(end, totalMs);
  socket.once('close', () => clearTimeout(timer));
  socket.setTimeout(silentMs, end);
  socket.once('resume', () => {
    // Bypasses Node's parser: what follows must not be taken for a request, whatever it looks like.
    socket.removeAllListeners('data');
    socket.on('data', (chunk: Buffer) => {
      remaining -= chunk.length;
      if (remaining < 0) end();
    });
  });
  socket.end();
  // The parser may have paused the socket; only this event makes it resume reading.
  socket.pause();
  socket.resume();
}
