import { MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';

/** How soon a server that died is started again, in milliseconds. */
const AGAIN_AFTER_MS = 1000;

/** Runs the local server in a process of its own while it is switched on, so that what programs send harms no engine. */
export class ServerProcess {
  readonly #entry: string;
  #process: UtilityProcess | null = null;
  /** Gives a port to the engine that answers now; null while the server is off. */
  #connect: ((port: MessagePortMain) => void) | null = null;

  /** @param entry the built `server/process.ts` */
  constructor(entry: string) {
    this.#entry = entry;
  }

  /**
   * Starts the server, or brings it to the next engine.
   * @param connect hands a port to the engine, which answers the contract on it
   */
  serve(connect: (port: MessagePortMain) => void): void {
    this.#connect = connect;
    if (this.#process) this.#introduce(this.#process);
    else this.#start();
  }

  /** Switches the server off. */
  stop(): void {
    this.#connect = null;
    this.#process?.kill();
    this.#process = null;
  }

  #start(): void {
    const started = utilityProcess.fork(this.#entry, [], { serviceName: 'Lookalike server' });
    this.#process = started;
    started.once('exit', () => {
      if (this.#process !== started) return;
      this.#process = null;
      setTimeout(() => {
        if (this.#connect && !this.#process) this.#start();
      }, AGAIN_AFTER_MS);
    });
    this.#introduce(started);
  }

  #introduce(server: UtilityProcess): void {
    const { port1, port2 } = new MessageChannelMain();
    this.#connect?.(port1);
    server.postMessage('engine', [port2]);
  }
}
