// The server as Electron's utilityProcess, beside the engine's. The shell sends it a port to each engine that is started.
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { cloneWhenBinary } from '../contract/transfer.ts';
import type { EngineClient } from './route.ts';
import { ServerRun } from './run.ts';

const run = new ServerRun({
  always: false,
  at: null,
  clients: [],
  origins: [],
  log: (line) => console.log(line),
  onReport: () => {},
});

process.parentPort.on('message', ({ ports }) => {
  for (const port of ports) follow(port);
});

function follow(port: Electron.MessagePortMain): void {
  const engine: EngineClient = createORPCClient(
    new RPCLink({ port, experimental_transfer: cloneWhenBinary }),
  );
  port.start();
  // It ends with its engine, and the shell sends the port of the next one.
  run.follow(engine).catch((error: unknown) => console.error('The engine ended.', error));
}
