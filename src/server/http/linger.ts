import type { Server as HttpServer, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface LingerLimits {
  /** How long a connection that is being closed is still read, milliseconds. */
  totalMs: number;
  /** How long without a byte, milliseconds. */
  silentMs: number;
  /** How many bytes. */
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
 * Makes sure that an answer arrives where the server closes the connection behind it. The kernel resets a
 * connection that is closed with unread bytes, and the reset may overtake the answer. So the server
 * ends its own side only, and reads and drops what the client still sends, within limits.
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
    // Node calls it behind the last answer of a connection.
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
    // Who has not sent anything in time gets no more of it.
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') socket.end(() => socket.destroy());
    else close(socket);
  });
}

function dropTheRest(socket: Socket, { totalMs, silentMs, bytes }: LingerLimits): void {
  let left = bytes;
  const end = (): void => void socket.destroy();
  const timer = setTimeout(end, totalMs);
  socket.once('close', () => clearTimeout(timer));
  socket.setTimeout(silentMs, end);
  socket.once('resume', () => {
    // Past Node's parser: what follows is no request any more, whatever it looks like.
    socket.removeAllListeners('data');
    socket.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) end();
    });
  });
  socket.end();
  // The parser may have stopped the reading, and it alone starts it again: at this event.
  socket.pause();
  socket.resume();
}
