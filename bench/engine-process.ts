// The engine in a process of its own, as in the app; the contract goes over Node's channel instead of Electron's port.
import { os } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { cloneWhenBinary } from '../electron/contract/transfer.ts';
import { openEngine } from '../electron/engine/engine.ts';
import { createRouter } from '../electron/engine/router.ts';
import { nodeChannel } from './node-channel.ts';

const [dataDir = '', modelRoot = '', modelId = ''] = process.argv.slice(2);
const engine = await openEngine({ dataDir, modelRoots: [modelRoot], modelId, sampleFeed: '' });

export const benchRouter = {
  ...createRouter(engine),
  /** Bytes of memory that the process has from the system. */
  memory: os.handler(() => process.memoryUsage.rss()),
  /** Resolves when the catalog is measured, which otherwise happens while the first queries are. */
  calibrate: os.handler(() => engine.calibrate()),
};

const handler = new RPCHandler(benchRouter, { experimental_transfer: cloneWhenBinary });
handler.upgrade(nodeChannel(process));
process.once('disconnect', () => process.exit());
process.send?.('ready');
