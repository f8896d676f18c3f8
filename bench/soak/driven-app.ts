import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { findElectron } from '../../electron/dev/electron-binary.ts';

/** The longest that any request to the app may take, in milliseconds. */
const PATIENCE_MS = 120_000;

const target = z.object({ type: z.string(), webSocketDebuggerUrl: z.string() });
const reply = z.object({
  id: z.number(),
  result: z.looseObject({}).optional(),
  error: z.object({ message: z.string() }).optional(),
});
const evaluated = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z.looseObject({ exception: z.looseObject({}).optional() }).optional(),
});

/**
 * The built app, driven over Chromium's own debugging protocol.
 *
 * Playwright is not used: it switches on the page's network inspector, which keeps the bodies of everything that the page
 * loads (object URLs of pictures too) in the page's process, and it keeps the files that it drops. A soak test would measure
 * Playwright.
 */
export class DrivenApp {
  readonly #process: ChildProcess;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: z.infer<typeof reply>) => void>();
  #lastId = 0;

  private constructor(process: ChildProcess, socket: WebSocket) {
    this.#process = process;
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const answer = reply.safeParse(JSON.parse(String(data))).data;
      if (answer) this.#waiting.get(answer.id)?.(answer);
    });
  }

  /** Starts the app in `repository` on a data folder. */
  static async start(repository: string, dataDir: string): Promise<DrivenApp> {
    const electron = await findElectron();
    const args = [...electron.args, '--remote-debugging-port=0', repository];
    const app = spawn(electron.path, args, {
      env: { ...electron.env, LOOKALIKE_DATA: dataDir },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const socket = new WebSocket(await pageAddress(await debuggingPort(app)));
    await once(socket, 'open');
    return new DrivenApp(app, socket);
  }

  /** The process id of the app's main process. */
  get pid(): number {
    if (this.#process.pid === undefined) throw new Error('The app did not start.');
    return this.#process.pid;
  }

  async send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.#lastId;
    const answered = new Promise<z.infer<typeof reply>>((resolve) => this.#waiting.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await Promise.race([answered, late(method)]);
    this.#waiting.delete(id);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }

  /** Evaluates an expression in the page. */
  async evaluate(expression: string): Promise<unknown> {
    const params = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = evaluated.parse(await this.send('Runtime.evaluate', params));
    if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return result.value;
  }

  /** Waits until an expression in the page is true. @param patienceMs the longest that it may take */
  async until(expression: string, { patienceMs = PATIENCE_MS } = {}): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!(await this.evaluate(`Boolean(${expression})`))) {
      if (Date.now() > deadline) throw new Error(`Not within ${patienceMs / 1000} s: ${expression}`);
      await sleep(25);
    }
  }

  /** Drops a file of this machine on the window, as a person would from a folder. */
  async drop(file: string): Promise<void> {
    const data = { items: [], files: [file], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop']) {
      await this.send('Input.dispatchDragEvent', { type, x: 400, y: 400, data });
    }
  }

  async press(key: string): Promise<void> {
    const codes: Record<string, number> = { Enter: 13, Escape: 27 };
    const isTyped = key.length === 1;
    const code = isTyped ? key.toUpperCase().charCodeAt(0) : codes[key];
    const common = { key, code: key, windowsVirtualKeyCode: code };
    const text = key === 'Enter' ? '\r' : isTyped ? key : undefined;
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', ...common, text });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...common });
  }

  async type(text: string): Promise<void> {
    await this.send('Input.insertText', { text });
  }

  /** Quits the app, and waits until its main process has ended. */
  async close(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
    this.#socket.close();
  }
}

async function late(method: string): Promise<never> {
  await sleep(PATIENCE_MS, undefined, { ref: false });
  throw new Error(`${method} was not answered within ${PATIENCE_MS / 1000} s.`);
}

/** Reads the debugging port from the app's stderr. */
function debuggingPort(app: ChildProcess): Promise<string> {
  const { stderr } = app;
  if (!stderr) throw new Error('The app was started without a pipe for its stderr.');
  return new Promise((resolve, reject) => {
    createInterface({ input: stderr }).on('line', (line) => {
      const port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port) resolve(port);
    });
    app.once('exit', (code) => reject(new Error(`The app ended with code ${code}.`)));
  });
}

async function pageAddress(port: string): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const response = await fetch(`http://127.0.0.1:${port}/json/list`);
    const page = z
      .array(target)
      .parse(await response.json())
      .find(({ type }) => type === 'page');
    if (page) return page.webSocketDebuggerUrl;
    await sleep(50);
  }
  throw new Error('The app opened no window.');
}
