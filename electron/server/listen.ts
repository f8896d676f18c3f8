import { once } from 'node:events';
import { chmod, lstat } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { LookalikeError } from '../contract/errors.ts';
import { remove } from '../engine/files/changes.ts';
import type { ListeningAt } from './guard.ts';

/** Where to listen. A port that is null is chosen by the system. */
export type ListenAt = { port: number | null } | { socket: string };

/** Never another address: nobody but programs of this machine may ask. */
const LOOPBACK = '127.0.0.1';

/** @throws LookalikeError SERVER_PORT_TAKEN, SERVER_SOCKET_TAKEN, SERVER_NOT_LISTENING */
export async function listen(server: Server, at: ListenAt): Promise<ListeningAt> {
  if ('socket' in at) return listenAtSocket(server, at.socket);
  try {
    server.listen({ host: LOOPBACK, port: at.port ?? 0, exclusive: true });
    await once(server, 'listening');
  } catch (cause) {
    if (at.port !== null && codeOf(cause) === 'EADDRINUSE')
      throw new LookalikeError({ code: 'SERVER_PORT_TAKEN', params: { port: at.port } }, { cause });
    throw notListening(`${LOOPBACK}:${at.port ?? 0}`, cause);
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return { port: address.port };
}

/** A path, or the name of a pipe on Windows. Only this user may connect. */
async function listenAtSocket(server: Server, socket: string): Promise<ListeningAt> {
  await removeStale(socket);
  try {
    server.listen({ path: socket, exclusive: true });
    await once(server, 'listening');
    if (process.platform !== 'win32') await chmod(socket, 0o600);
  } catch (cause) {
    throw notListening(socket, cause);
  }
  return { socket };
}

/** A server that was killed leaves its socket behind. */
async function removeStale(socket: string): Promise<void> {
  const left = process.platform === 'win32' ? null : await lstat(socket).catch(() => null);
  if (!left?.isSocket()) return;
  if (await answers(socket))
    throw new LookalikeError({ code: 'SERVER_SOCKET_TAKEN', params: { at: socket } });
  await remove(socket);
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = connect(socket);
    asking.once('connect', () => resolve(true));
    asking.once('error', () => resolve(false));
    asking.once('connect', () => asking.destroy());
  });
}

const notListening = (at: string, cause: unknown) =>
  new LookalikeError({ code: 'SERVER_NOT_LISTENING', params: { at, said: codeOf(cause) } }, { cause });

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
