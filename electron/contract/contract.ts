import { eventIterator, type } from '@orpc/contract';
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
import { comparisonProcedures } from './compare-procedures.ts';
import { connections } from './connections.ts';
import { embedding, embedRequest } from './embedding.ts';
import { indexReport, indexRequest } from './indexing.ts';
import { feedbackRequest, learnedExport, learning } from './learning.ts';
import {
  installProgress,
  installRequest,
  modelMirror,
  modelState,
  providerId,
  providerState,
  switchPlan,
} from './models.ts';
import { phoneAddress, phoneEvent, phoneRequest } from './phone.ts';
import { procedure } from './procedure.ts';
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
import { givenFeedback, photo, type SearchResponse, searchRequest } from './search.ts';
import {
  addedClient,
  localServer,
  newClient,
  type Scope,
  serverChange,
  serverReport,
  serverSettings,
} from './serving.ts';
import { status, upgradeProgress } from './status.ts';
import { use } from './use.ts';
import { watchedEvent } from './watched.ts';

const version = z.number().int();

/**
 * A call that the local server also answers over HTTP, under `/v1`. None of these may take a path: what a client sends must
 * never be read from this machine's disk.
 */
const served = (scope: Scope, method: 'GET' | 'POST', path: `/${string}`, summary: string) =>
  procedure.meta({ scope }).route({ method, path, summary, tags: [scope] });

/**
 * The calls that the engine answers: from the app over a MessagePort, from programs over HTTP, and from the CLI and the tests
 * in-process.
 */
export const contract = {
  status: served('admin', 'GET', '/status', 'What is published, and with which model').output(status),

  /**
   * The progress of migrating the catalog of an earlier version while the engine opens; null when there is nothing to
   * migrate. This is the only call that is answered while the engine opens. Closing the app stops the migration, and the
   * next start continues it.
   */
  upgrade: procedure.output(upgradeProgress.nullable()),

  /** The hosts that were contacted since the app was started. */
  connections: procedure.output(connections),

  /** The status now, and again whenever it has changed. */
  watch: procedure.output(eventIterator(status)),

  /** The answer is checked only by the compiler: parsing sixty products again would take 0.4 ms of every query. */
  search: served('search', 'POST', '/search', 'Rank the products against a photo, words, or both')
    .input(searchRequest)
    .output(type<SearchResponse>()),

  /** Embeds all of a photo, or a text, with the model in use. */
  embed: served('embed', 'POST', '/embed', 'The embedding of a photo or a text')
    .input(embedRequest)
    .output(embedding),

  learning: procedure.output(learning),
  /** Off, nothing is noted, and answers are as if nothing had been learned. What was learned is kept. */
  switchLearning: procedure.input(learning.pick({ on: true })).output(learning),
  /** Forgets all that was learned with the model in use. */
  forgetLearned: procedure.output(learning),
  /** Writes what was said of photos to one JSON file. */
  exportLearned: procedure.input(learnedExport),
  /**
   * Notes what a person said of an answer to a photo, in place of what was said of the photo before. Null where it says nothing, or
   * learning is off.
   */
  giveFeedback: procedure.input(feedbackRequest).output(givenFeedback.nullable()),
  /** Takes back what was said of a photo. */
  takeBackFeedback: procedure.input(z.object({ id: z.string() })).output(z.object({ known: z.boolean() })),

  /** How this machine is used. */
  use: procedure.output(use),
  /** Off, nothing is counted. */
  switchUse: procedure.input(use.pick({ on: true })).output(use),
  /** Forgets what was counted. What was said of photos stays; `forgetLearned` forgets that. */
  forgetUse: procedure.output(use),

  product: served('search', 'GET', '/products/{+productId}', 'A product with all its fields')
    .input(z.object({ productId: z.string() }))
    .output(productDetails),

  /** Ids that the live snapshot does not have are left out. */
  thumbnails: served('search', 'POST', '/thumbnails', 'Pictures of products, as WebP')
    .input(z.object({ ids: z.array(thumbnailId).max(200) }))
    .output(z.object({ thumbnails: z.array(thumbnail) })),

  /**
   * The photo as an upright WebP within 1600 px, for formats that a browser cannot show. Width and height are the
   * original's.
   */
  preview: procedure
    .input(z.object({ photo }))
    .output(z.object({ bytes: z.instanceof(Uint8Array), width: z.number().int(), height: z.number().int() })),

  /**
   * Fetches the bytes at a web address, after the person has agreed. Addresses of this machine or its network are refused.
   */
  fetchPicture: procedure
    .input(z.object({ url: z.url({ protocol: /^https?$/ }) }))
    .output(z.object({ bytes: z.instanceof(Uint8Array) })),

  /** The saved sources, with their last outcome. */
  listSources: served('admin', 'GET', '/sources', 'The saved sources').output(z.array(sourceStatus)),
  saveSource: procedure.input(source).output(sourceStatus),
  /** The source's products stay in the catalog; see `removeProducts`. */
  removeSource: procedure.input(z.object({ id: z.string() })),
  /**
   * Publishes the catalog without the products of a source, saved or not. The empty id means products that were imported
   * without a source, such as the sample catalog. Null when the source has no products.
   */
  removeProducts: procedure.input(z.object({ source: z.string().max(64) })).output(snapshot.nullable()),

  /** Reads only the beginning of a feed. */
  inspectFeed: procedure.input(feedRequest).output(feedInspection),

  /** What a sync would change. Writes nothing. Cancel by aborting the call. */
  planSync: procedure.input(feedRequest).output(eventIterator(importProgress, syncPlan)),

  /** Runs until the report. Cancel by aborting the call. A `.lookalike-pack` can be a source too. */
  sync: procedure.input(syncRequest).output(eventIterator(importProgress, importReport)),

  /** Adds or changes products of the source "API", which is of programs. Answered when they are searchable. */
  indexProducts: served('index', 'POST', '/index', 'Add or change products, and publish them')
    .input(indexRequest)
    .output(indexReport),
  /** What a sync of a saved source would change. Writes nothing. */
  planSource: served('admin', 'POST', '/sources/{id}/plan', 'What a sync of a source would change')
    .input(z.object({ id: z.string() }))
    .output(eventIterator(importProgress, syncPlan)),
  /** Syncs a saved source, with its own settings. Runs until the report. */
  syncSource: served('admin', 'POST', '/sources/{id}/sync', 'Sync a source, and publish it')
    .input(z.object({ id: z.string(), confirmRemovals: z.boolean().default(false) }))
    .output(eventIterator(importProgress, importReport)),

  /** The kept snapshots, newest first. */
  listSnapshots: served('admin', 'GET', '/snapshots', 'The kept snapshots, newest first').output(
    z.array(snapshotInfo),
  ),
  compareSnapshots: served('admin', 'POST', '/snapshots/compare', 'What differs between two snapshots')
    .input(z.object({ from: version, to: version }))
    .output(snapshotDiff),
  /** Makes another kept snapshot the live one, older or newer. */
  rollBack: served('admin', 'POST', '/snapshots/roll-back', 'Make another kept snapshot the live one')
    .input(z.object({ version }))
    .output(snapshotInfo),
  /** Deletes the damaged files of the catalog that were set aside. */
  removeSetAside: procedure,
  /** Null for a catalog that is not a folder of this machine. */
  diskUse: procedure.output(diskUse.nullable()),

  /** Writes the live snapshot, or its products of one source, to one file at an absolute path. */
  exportPack: procedure
    .input(z.object({ path: absolutePath, source: z.string().max(64).optional() }))
    .output(eventIterator(packProgress, packReport)),

  /** Estimates the work of `useModel`. Writes nothing. */
  planSwitch: served('admin', 'POST', '/models/{id}/plan', 'The work of switching to a model')
    .input(z.object({ id: z.string() }))
    .output(switchPlan),
  /**
   * Switches to another installed model. The stored pictures of the kept snapshots are embedded with it, while the model in
   * use goes on answering queries until the switch. Nothing is fetched. Runs until the report. Cancel by aborting the call;
   * the finished embeddings are kept for the next time. A sync and a switch cannot run at the same time.
   */
  useModel: served('admin', 'POST', '/models/{id}/use', 'Switch to another installed model')
    .input(z.object({ id: z.string() }))
    .output(eventIterator(importProgress, importReport)),
  /** The providers of this platform; the processor is always the first. */
  listProviders: procedure.output(z.array(providerState)),
  /**
   * Tries a provider and uses it if its vectors equal the processor's. One that does not work is returned as `failed`, with
   * the reason.
   */
  useProvider: procedure.input(z.object({ id: providerId })).output(z.array(providerState)),

  /** All models that are or can be installed, best first. */
  listModels: served('admin', 'GET', '/models', 'The models that are or can be installed').output(
    z.array(modelState),
  ),
  /** Cancel by aborting the call. Downloaded bytes are kept, and the next call continues from them. */
  installModel: procedure.input(installRequest).output(eventIterator(installProgress, modelState)),
  /** Reads every byte of an installed model again. */
  verifyModel: procedure.input(z.object({ id: z.string() })).output(modelState),
  /** Deletes an installed model, or what an interrupted download has left. */
  removeModel: procedure.input(z.object({ id: z.string() })),
  /** The local server and its clients now, and again whenever that has changed. */
  watchServer: procedure.output(eventIterator(localServer)),
  changeServer: procedure.input(serverChange),
  /** Adds a program that may ask over HTTP. Its token is in this answer and nowhere else. */
  addClient: procedure.input(newClient).output(addedClient),
  /** Its token opens nothing from now on. */
  removeClient: procedure.input(z.object({ id: z.string() })),
  /** For the local server: its settings now, and again whenever they have changed. */
  watchServerSettings: procedure.output(eventIterator(serverSettings)),
  /** For the local server: it has started, stopped or failed. */
  reportServer: procedure.input(serverReport),
  /** For the local server: these clients have asked. */
  noteClientUse: procedure.input(z.object({ ids: z.array(z.string()) })),

  /** Where a phone could reach this computer, the most likely place first. */
  phoneAddresses: procedure.output(z.array(phoneAddress)),
  /** Opens a page for one phone until the call is aborted. */
  openPhone: procedure.input(phoneRequest).output(eventIterator(phoneEvent)),

  /** Tells of the pictures that come into a folder, until the call is aborted. */
  watchFolder: procedure.input(z.object({ path: z.string().min(1) })).output(eventIterator(watchedEvent)),

  modelMirror: procedure.output(modelMirror),
  setModelMirror: procedure.input(modelMirror).output(modelMirror),

  ...comparisonProcedures,
};
