// The engine in a separate process, as in the app. The contract runs over Node's channel instead of Electron's port.
import { os } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { cloneWhenBinary } from '../electron/contract/transfer.ts';
import { makeToken } from '../electron/engine/clients/clients.ts';
import { openEngine } from '../electron/engine/open-engine.ts';
import { createRouter } from '../electron/engine/router.ts';
import { startServer } from '../electron/server/start-thread.ts';
import { nodeChannel } from './node-channel.ts';

const [dataDir = '', modelRoot = '', modelId = ''] = process.argv.slice(2);
const engine = await openEngine({ dataDir, modelRoots: [modelRoot], modelId, sampleFeed: '' });

export const benchRouter = {
  ...createRouter(engine),
  /** Resident memory of the process, in bytes. */
  memory: os.handler(() => process.memoryUsage.rss()),
  /** Core time that the process has taken so far, in milliseconds. */
  cpu: os.handler(() => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }),
  /** Starts the local server beside the engine. */
  serve: os.handler(async () => {
    const { token, tokenHash } = makeToken();
    const clients = [{ id: 'bench', name: 'bench', scopes: ['search' as const], tokenHash }];
    const { url } = await startServer(engine, { at: null, clients, origins: [] });
    return { url, token };
  }),
  /** Resolves when the catalog is measured, which otherwise happens during the first queries. */
  calibrate: os.handler(() => engine.calibrate()),
};

const handler = new RPCHandler(benchRouter, { experimental_transfer: cloneWhenBinary });
handler.upgrade(nodeChannel(process));
process.once('disconnect', () => process.exit());
process.send?.('ready');
