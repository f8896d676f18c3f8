import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import {
  diskUse,
  productDetails,
  snapshot,
  snapshotDiff,
  snapshotInfo,
  thumbnail,
  thumbnailId,
} from './catalog.ts';
import { connections } from './connections.ts';
import { FAULT_CODES, type FaultCode } from './faults.ts';
import {
  installProgress,
  installRequest,
  modelMirror,
  modelState,
  providerId,
  providerState,
  switchPlan,
} from './models.ts';
import {
  absolutePath,
  feedInspection,
  feedRequest,
  importProgress,
  importReport,
  packProgress,
  packReport,
  source,
  sourceStatus,
  syncPlan,
  syncRequest,
} from './publishing.ts';
import { photo, type SearchResponse, searchRequest } from './search.ts';
import { status, upgradeProgress } from './status.ts';

const version = z.number().int();

/** What an error carries over a port beside its code: what the sentence needs, unless that is nothing, and the item. */
export const errorData = z.object({ item: z.string().optional(), params: z.unknown().optional() });
type ContractErrors = Record<FaultCode, { message: string; data: typeof errorData }>;

/** Every error that a call can fail with. */
export function contractErrors(): ContractErrors {
  const entries = FAULT_CODES.map((code) => [code, { message: code, data: errorData }]);
  return Object.fromEntries(entries);
}

const procedure = oc.errors(contractErrors());

/** What the engine can be asked, by the app over a MessagePort and by the CLI and the tests in-process. */
export const contract = {
  status: procedure.output(status),

  /**
   * How far an engine that opens has brought the catalog of an earlier version forward; null when it has none to. The only
   * call that is answered while the engine opens. Closing the app stops the work, and the next start goes on with it.
   */
  upgrade: procedure.output(upgradeProgress.nullable()),

  /** Who was asked for what over the network since the app was started. */
  connections: procedure.output(connections),

  /** The status now, and again whenever a snapshot is published or an import starts or ends. */
  watch: procedure.output(eventIterator(status)),

  /** The compiler alone checks the answer: parsing sixty products again would take 0.4 ms of every query. */
  search: procedure.input(searchRequest).output(type<SearchResponse>()),

  product: procedure.input(z.object({ productId: z.string() })).output(productDetails),

  /** Ids that the live snapshot does not have are left out of the answer. */
  thumbnails: procedure
    .input(z.object({ ids: z.array(thumbnailId).max(200) }))
    .output(z.object({ thumbnails: z.array(thumbnail) })),

  /** The photo upright as WebP within 1600 px, for formats a browser cannot show; width and height are the original's. */
  preview: procedure
    .input(z.object({ photo }))
    .output(z.object({ bytes: z.instanceof(Uint8Array), width: z.number().int(), height: z.number().int() })),

  /** The bytes at a web address, which the person has agreed to be fetched; not from this machine or its network. */
  fetchPicture: procedure
    .input(z.object({ url: z.url({ protocol: /^https?$/ }) }))
    .output(z.object({ bytes: z.instanceof(Uint8Array) })),

  /** Sources that were set up, and how each fared last. */
  listSources: procedure.output(z.array(sourceStatus)),
  saveSource: procedure.input(source).output(sourceStatus),
  /** Its products stay in the catalog; see `removeProducts`. */
  removeSource: procedure.input(z.object({ id: z.string() })),
  /**
   * Publishes the catalog without the products of a source, saved or not. The empty id is what was imported without a
   * source, the sample catalog for one. Null when it has none.
   */
  removeProducts: procedure.input(z.object({ source: z.string().max(64) })).output(snapshot.nullable()),

  /** Reads only as much of a feed as it takes to know it. */
  inspectFeed: procedure.input(feedRequest).output(feedInspection),

  /** What a sync would change; writes nothing. Cancel by aborting the call. */
  planSync: procedure.input(feedRequest).output(eventIterator(importProgress, syncPlan)),

  /** Runs until the report; cancel by aborting the call. A `.lookalike-pack` is a source too. */
  sync: procedure.input(syncRequest).output(eventIterator(importProgress, importReport)),

  /** Newest first; those that can be gone back to. */
  listSnapshots: procedure.output(z.array(snapshotInfo)),
  compareSnapshots: procedure.input(z.object({ from: version, to: version })).output(snapshotDiff),
  /** Makes another kept snapshot the live one, older or newer. */
  rollBack: procedure.input(z.object({ version })).output(snapshotInfo),
  /** Deletes the damaged files of the catalog that were set aside. */
  removeSetAside: procedure,
  /** Null for a catalog that is not a folder of this machine. */
  diskUse: procedure.output(diskUse.nullable()),

  /** Writes the live snapshot, or its products of one source, as one file at an absolute path. */
  exportPack: procedure
    .input(z.object({ path: absolutePath, source: z.string().max(64).optional() }))
    .output(eventIterator(packProgress, packReport)),

  /** What `useModel` would take; writes nothing. */
  planSwitch: procedure.input(z.object({ id: z.string() })).output(switchPlan),
  /**
   * Makes another installed model the one that answers: looks at the stored pictures of the live snapshot with it, beside
   * the model in use, which answers until the switch. Nothing is fetched. Runs until the report; cancel by aborting the
   * call, and what was done is kept for the next time. Only one of a sync and a switch runs at a time.
   */
  useModel: procedure.input(z.object({ id: z.string() })).output(eventIterator(importProgress, importReport)),
  /** What can run the model on this platform; the processor is always the first. */
  listProviders: procedure.output(z.array(providerState)),
  /** Tries it and uses it if its vectors are the processor's; one that fails is answered as `failed`, with the reason. */
  useProvider: procedure.input(z.object({ id: providerId })).output(z.array(providerState)),

  /** Every model that is installed or can be, best first. */
  listModels: procedure.output(z.array(modelState)),
  /** Cancel by aborting the call: what was downloaded is kept, and asking again goes on from there. */
  installModel: procedure.input(installRequest).output(eventIterator(installProgress, modelState)),
  /** Reads every byte of an installed model again. */
  verifyModel: procedure.input(z.object({ id: z.string() })).output(modelState),
  /** Deletes an installed model, or what an interrupted download has left. */
  removeModel: procedure.input(z.object({ id: z.string() })),
  modelMirror: procedure.output(modelMirror),
  setModelMirror: procedure.input(modelMirror).output(modelMirror),
};
