import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import type { Fault } from '../../contract/faults.ts';
import {
  type AddedClient,
  type Client,
  client,
  type LocalServer,
  type NewClient,
  reach,
  type ServerChange,
  type ServerReport,
  type ServerSettings,
  type ServerState,
  serverSettings,
  tokenHash,
} from '../../contract/serving.ts';
import { dataFolder } from '../files/data-folder.ts';
import { JsonFile } from '../files/json-file.ts';

const saved = serverSettings
  .omit({ clients: true, socket: true })
  // Earlier versions knew ports only.
  .extend({ reach: reach.default('port'), clients: z.array(client.extend({ tokenHash })) });
type Saved = z.infer<typeof saved>;
/** Permissions of a file that this user alone can read. */
const OWN_ALONE = 0o600;
const NOTHING: Saved = { on: false, reach: 'port', port: null, origins: [], clients: [] };

/** 256 bits: a token cannot be guessed, so its hash needs neither salt nor slowness. */
const TOKEN_BYTES = 32;
/** Whoever finds a token in a file or a log sees what it opens. */
const TOKEN_PREFIX = 'lookalike_';

/** Makes a token. Only its hash is kept. */
export function makeToken(): { token: string; tokenHash: string } {
  const token = TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString('base64url');
  return { token, tokenHash: createHash('sha256').update(token).digest('hex') };
}

/** The longest path of a socket, in bytes: macOS has room for 104 with their end, Linux for 108. */
const LONGEST_SOCKET = 103;

/** The socket of a data folder: in it, or where the folder's path is too long or the system has pipes, under a name made of it. */
function socketFor(dataDir: string): string {
  const beside = dataFolder.socket(dataDir);
  const name = `lookalike-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return Buffer.byteLength(beside) <= LONGEST_SOCKET ? beside : join(tmpdir(), `${name}.sock`);
}

/** The programs that may ask over HTTP, and the settings and the state of the server that they ask. */
export class Clients {
  /** The fault when the file was damaged. The server is off then, and has no clients. */
  readonly fault: Fault | null;
  readonly #file: JsonFile<Saved>;
  readonly #socket: string;
  readonly #watchers = new Set<() => void>();
  #state: ServerState = { state: 'off' };
  #closed = false;

  private constructor(file: JsonFile<Saved>, socket: string, fault: Fault | null) {
    this.#file = file;
    this.#socket = socket;
    this.fault = fault;
    if (file.value.on) this.#state = { state: 'starting' };
  }

  static async open(dataDir: string): Promise<Clients> {
    const path = dataFolder.server(dataDir);
    // Earlier versions let everybody of this computer read who may ask.
    if (process.platform !== 'win32' && existsSync(path)) await chmod(path, OWN_ALONE);
    const { file, fault } = await JsonFile.openAnyway(path, saved, NOTHING, 'server', OWN_ALONE);
    return new Clients(file, socketFor(dataDir), fault);
  }

  /** The server and its clients now, and again whenever that has changed, until the signal aborts. */
  watch(signal: AbortSignal): AsyncGenerator<LocalServer, void> {
    return this.#watch(() => {
      const { port: _, clients, ...settings } = this.#file.value;
      return { ...settings, state: this.#state, clients: clients.map(({ tokenHash: _, ...shown }) => shown) };
    }, signal);
  }

  /** What the server needs to know now, and again whenever that has changed, until the signal aborts. */
  watchSettings(signal: AbortSignal): AsyncGenerator<ServerSettings, void> {
    return this.#watch(() => {
      const { on, reach, port, origins, clients } = this.#file.value;
      const known = clients.map(({ id, name, scopes, tokenHash }) => ({ id, name, scopes, tokenHash }));
      return { on, port, socket: reach === 'socket' ? this.#socket : null, origins, clients: known };
    }, signal);
  }

  /** @throws LookalikeError STORAGE_*, like all methods below */
  async change(changed: ServerChange): Promise<void> {
    const before = this.#file.value;
    const { on = before.on, reach = before.reach, origins = before.origins } = changed;
    // The shell ends a server that is switched off, which says nothing more then.
    if (on !== before.on || reach !== before.reach) this.#state = { state: on ? 'starting' : 'off' };
    await this.#set({ on, reach, origins: [...new Set(origins)] });
  }

  /** Adds a client, and makes its token. */
  async add({ name, scopes }: NewClient): Promise<AddedClient> {
    const { token, tokenHash } = makeToken();
    const createdAt = new Date().toISOString();
    const added: Client = {
      id: randomUUID(),
      name,
      scopes: [...new Set(scopes)],
      createdAt,
      lastUsedAt: null,
    };
    await this.#set({ clients: [...this.#file.value.clients, { ...added, tokenHash }] });
    return { client: added, token };
  }

  /**
   * Its token opens nothing from now on.
   * @throws LookalikeError CLIENT_UNKNOWN
   */
  async remove(id: string): Promise<void> {
    const { clients } = this.#file.value;
    if (!clients.some((each) => each.id === id)) throw new LookalikeError('CLIENT_UNKNOWN');
    await this.#set({ clients: clients.filter((each) => each.id !== id) });
  }

  /** Notes how the server is, and keeps its port. */
  async report({ state, port }: ServerReport): Promise<void> {
    this.#state = state;
    if (port !== null && port !== this.#file.value.port) await this.#set({ port });
    this.#tell();
  }

  /** Notes that clients have asked just now. Clients that are not kept here, such as those of a file of tokens, are left out. */
  async noteUse(ids: readonly string[]): Promise<void> {
    const lastUsedAt = new Date().toISOString();
    const { clients } = this.#file.value;
    if (!clients.some(({ id }) => ids.includes(id))) return;
    await this.#set({
      clients: clients.map((each) => (ids.includes(each.id) ? { ...each, lastUsedAt } : each)),
    });
  }

  /** Ends all watching. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#tell();
  }

  async #set(changed: Partial<Saved>): Promise<void> {
    const write = this.#file.set({ ...this.#file.value, ...changed });
    this.#tell();
    await write;
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }

  async *#watch<T>(read: () => T, signal: AbortSignal): AsyncGenerator<T, void> {
    let wake = () => {};
    const onChange = () => wake();
    this.#watchers.add(onChange);
    signal.addEventListener('abort', onChange);
    let lastTold = '';
    try {
      while (!signal.aborted && !this.#closed) {
        const changed = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const value = read();
        const now = JSON.stringify(value);
        if (now !== lastTold) yield value;
        // A change while the reader was busy with this value has called `wake` already.
        lastTold = now;
        await changed;
      }
    } finally {
      this.#watchers.delete(onChange);
      signal.removeEventListener('abort', onChange);
    }
  }
}
