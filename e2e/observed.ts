import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { repository } from './app.ts';

/** The built app with the socket guard loaded first: an app folder for Electron. */
export const observedApp = path.join(repository, 'e2e/observed-app');
/** To be required before any other code, with the folder for its records in the variable `OBSERVED_SOCKETS`. */
export const socketGuard = path.join(observedApp, 'socket-guard.cjs');

/** What the socket guard has recorded in a program and all that it started. */
export interface ObservedSockets {
  /** The kinds of the guarded processes and threads: `browser` and `utility` are Electron's, `node` is any other. */
  guarded: string[];
  /** `connect 127.0.0.1:8080`, `look up shop.example` or `udp send …`: each once, sorted. */
  notes: string[];
}

/** @param folder the value of OBSERVED_SOCKETS */
export async function readSockets(folder: string): Promise<ObservedSockets> {
  const records = await Promise.all(
    (await readdir(folder)).map((name) => readFile(path.join(folder, name), 'utf8')),
  );
  const lines = records.flatMap((record) => record.split('\n')).filter((line) => line !== '');
  const isGuarded = (line: string) => line.startsWith('guarded ');
  return {
    guarded: lines.filter(isGuarded).map((line) => line.slice('guarded '.length)),
    notes: [...new Set(lines.filter((line) => !isGuarded(line)))].sort(),
  };
}

/** The parameters of events in the net log that name another computer; there are dozens of kinds of events. */
const WHERE_TO = ['url', 'destination', 'host', 'hostname', 'qname', 'address', 'address_list'];
const names = z.union([z.string().transform((name) => [name]), z.array(z.string())]);
const netLog = z.object({
  constants: z.object({ logEventTypes: z.record(z.string(), z.number()) }),
  events: z.array(z.object({ params: z.record(z.string(), z.unknown()).default({}) })),
});

/**
 * Every URL, host and address in Chromium's own log of its network requests, whether it was reached or not: each once,
 * sorted.
 * @param file of `--log-net-log`; it is complete once the app has ended
 */
export async function readNetLog(file: string): Promise<string[]> {
  const { constants, events } = netLog.parse(JSON.parse(await readFile(file, 'utf8')));
  if (!('URL_REQUEST_START_JOB' in constants.logEventTypes)) throw new Error(`${file} is not a net log.`);
  const named = events.flatMap(({ params }) =>
    WHERE_TO.flatMap((key) => (key in params ? names.parse(params[key]) : [])),
  );
  return [...new Set(named)].sort();
}
