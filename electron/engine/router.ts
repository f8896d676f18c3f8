import { implement, ORPCError } from '@orpc/server';
import { contract } from '../contract/contract.ts';
import { LookalikeError } from '../contract/errors.ts';
import type { Engine } from './engine.ts';
import { photoFault } from './images/photo.ts';
import { web } from './net/client.ts';
import { fetchWebPicture } from './net/web-picture.ts';
import { phoneAddresses } from './phone/addresses.ts';
import { watchFolder } from './watched/watched-folder.ts';
import type { Asker } from './work/priority-gate.ts';

/**
 * The contract, answered by an engine. Serve it on a port, or call it in-process with `createRouterClient`.
 * @param asker who waits for the answers
 */
export function createRouter(engine: Engine, asker: Asker = 'person') {
  // Errors are sent as data: the code, the parameters of its sentence, and the item.
  const answer = implement(contract).use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      throw toContractError(error);
    }
  });
  const { publisher, models, modelInUse, clients, comparisons } = engine;
  return answer.router({
    status: answer.status.handler(() => engine.status()),
    upgrade: answer.upgrade.handler(() => null),
    connections: answer.connections.handler(() => web.ledger.connections),
    watch: answer.watch.handler(({ signal }) => failingAsContract(engine.watch(signal ?? never()))),
    search: answer.search.handler(async ({ input, signal }) => {
      const response = await engine.search(input, signal, asker);
      engine.useCounts.note(input, response, asker);
      return response;
    }),
    embed: answer.embed.handler(({ input, signal }) => engine.embed(input, signal, asker)),
    learning: answer.learning.handler(async () => (await engine.learned).learning()),
    switchLearning: answer.switchLearning.handler(async ({ input }) => {
      const learned = await engine.learned;
      await learned.switch(input.on);
      return learned.learning();
    }),
    forgetLearned: answer.forgetLearned.handler(async () => {
      const learned = await engine.learned;
      await learned.forget();
      return learned.learning();
    }),
    exportLearned: answer.exportLearned.handler(async ({ input }) =>
      (await engine.learned).exportTo(input.path),
    ),
    giveFeedback: answer.giveFeedback.handler(({ input }) => engine.giveFeedback(input)),
    takeBackFeedback: answer.takeBackFeedback.handler(async ({ input }) => ({
      known: await (await engine.learned).takeBack(input.id),
    })),
    use: answer.use.handler(() => engine.use()),
    switchUse: answer.switchUse.handler(async ({ input }) => {
      await engine.useCounts.switch(input.on);
      return engine.use();
    }),
    forgetUse: answer.forgetUse.handler(async () => {
      await engine.useCounts.forget();
      return engine.use();
    }),
    product: answer.product.handler(({ input }) => engine.product(input.productId)),
    thumbnails: answer.thumbnails.handler(async ({ input }) => ({
      thumbnails: await engine.thumbnails(input.ids),
    })),
    preview: answer.preview.handler(({ input }) => engine.preview(input.photo)),

    fetchPicture: answer.fetchPicture.handler(async ({ input, signal }) => ({
      bytes: await fetchWebPicture(input.url, signal ?? never()),
    })),

    listSources: answer.listSources.handler(() => publisher.sources.list()),
    saveSource: answer.saveSource.handler(({ input }) => publisher.saveSource(input)),
    removeSource: answer.removeSource.handler(({ input }) => publisher.sources.remove(input.id)),
    removeProducts: answer.removeProducts.handler(({ input }) => publisher.removeProducts(input.source)),
    inspectFeed: answer.inspectFeed.handler(({ input, signal }) =>
      publisher.inspect(input, signal ?? never()),
    ),
    planSync: answer.planSync.handler(({ input, signal }) =>
      failingAsContract(publisher.plan(input, signal ?? never())),
    ),
    sync: answer.sync.handler(({ input, signal }) =>
      failingAsContract(publisher.sync(input, signal ?? never())),
    ),
    indexProducts: answer.indexProducts.handler(({ input }) => publisher.api.index(input.products)),
    planSource: answer.planSource.handler(({ input, signal }) =>
      failingAsContract(publisher.planSource(input.id, signal ?? never())),
    ),
    syncSource: answer.syncSource.handler(({ input, signal }) =>
      failingAsContract(publisher.syncSource(input.id, input.confirmRemovals, signal ?? never())),
    ),
    listSnapshots: answer.listSnapshots.handler(() => engine.catalog.history.list()),
    compareSnapshots: answer.compareSnapshots.handler(({ input }) =>
      engine.catalog.history.compare(input.from, input.to),
    ),
    rollBack: answer.rollBack.handler(({ input }) => engine.rollBack(input.version)),
    exportPack: answer.exportPack.handler(({ input, signal }) =>
      failingAsContract(publisher.exportPack(input, signal ?? never())),
    ),
    removeSetAside: answer.removeSetAside.handler(() => engine.health.removeSetAside()),
    diskUse: answer.diskUse.handler(() => engine.catalog.diskUse()),

    watchServer: answer.watchServer.handler(({ signal }) =>
      failingAsContract(clients.watch(signal ?? never())),
    ),
    changeServer: answer.changeServer.handler(({ input }) => clients.change(input)),
    addClient: answer.addClient.handler(({ input }) => clients.add(input)),
    removeClient: answer.removeClient.handler(({ input }) => clients.remove(input.id)),
    watchServerSettings: answer.watchServerSettings.handler(({ signal }) =>
      failingAsContract(clients.watchSettings(signal ?? never())),
    ),
    reportServer: answer.reportServer.handler(({ input }) => clients.report(input)),
    noteClientUse: answer.noteClientUse.handler(({ input }) => clients.noteUse(input.ids)),

    phoneAddresses: answer.phoneAddresses.handler(() => phoneAddresses()),
    openPhone: answer.openPhone.handler(({ input, signal }) =>
      failingAsContract(engine.openPhone(input, signal ?? never())),
    ),

    watchFolder: answer.watchFolder.handler(({ input, signal }) =>
      failingAsContract(watchFolder(input.path, signal ?? never(), photoFault)),
    ),

    listModels: answer.listModels.handler(() => models.list()),
    installModel: answer.installModel.handler(({ input, signal }) =>
      failingAsContract(models.install(input, signal ?? never())),
    ),
    verifyModel: answer.verifyModel.handler(({ input }) => models.verify(input.id)),
    removeModel: answer.removeModel.handler(({ input }) => modelInUse.remove(input.id)),
    modelMirror: answer.modelMirror.handler(() => models.mirror()),
    setModelMirror: answer.setModelMirror.handler(({ input }) => models.setMirror(input)),

    planSwitch: answer.planSwitch.handler(({ input }) => modelInUse.planSwitch(input.id)),
    useModel: answer.useModel.handler(({ input, signal }) =>
      failingAsContract(modelInUse.switchTo(input.id, signal ?? never())),
    ),
    listProviders: answer.listProviders.handler(() => modelInUse.listProviders()),
    useProvider: answer.useProvider.handler(({ input }) => modelInUse.useProvider(input.id)),

    listComparisons: answer.listComparisons.handler(() => comparisons.list()),
    createComparison: answer.createComparison.handler(({ input }) => comparisons.create(input)),
    comparisonState: answer.comparisonState.handler(({ input }) => comparisons.state(input.id)),
    watchComparison: answer.watchComparison.handler(({ input, signal }) =>
      failingAsContract(comparisons.watch(input.id, signal ?? never())),
    ),
    renameComparison: answer.renameComparison.handler(({ input }) => comparisons.rename(input)),
    duplicateComparison: answer.duplicateComparison.handler(({ input }) => comparisons.duplicate(input)),
    removeComparison: answer.removeComparison.handler(({ input }) => comparisons.remove(input.id)),
    restoreComparison: answer.restoreComparison.handler(({ input }) => comparisons.restore(input.id)),
    runComparison: answer.runComparison.handler(({ input }) => comparisons.run(input)),
    stopComparison: answer.stopComparison.handler(({ input }) => comparisons.stop(input.id)),
    comparisonOrder: answer.comparisonOrder.handler(({ input }) => comparisons.order(input)),
    comparisonRows: answer.comparisonRows.handler(({ input }) => comparisons.rows(input)),
    comparisonPictures: answer.comparisonPictures.handler(({ input }) => comparisons.pictures(input)),
    decide: answer.decide.handler(({ input }) => comparisons.decide(input)),
    rejectCandidates: answer.rejectCandidates.handler(({ input }) => comparisons.reject(input)),
    listRejectedPairs: answer.listRejectedPairs.handler(() => comparisons.rejectedPairs()),
    forgetRejectedPairs: answer.forgetRejectedPairs.handler(({ input }) =>
      comparisons.forgetRejectedPairs(input),
    ),
    comparisonTrust: answer.comparisonTrust.handler(({ input }) => comparisons.trust(input.id)),
    comparisonOverview: answer.comparisonOverview.handler(({ input }) => comparisons.overview(input.id)),
    comparisonPiles: answer.comparisonPiles.handler(({ input, signal }) =>
      failingAsContract(comparisons.piles(input.id, signal)),
    ),
    namePriceCurrency: answer.namePriceCurrency.handler(({ input }) => comparisons.namePriceCurrency(input)),
    namePile: answer.namePile.handler(({ input }) => comparisons.namePile(input)),
    acceptBand: answer.acceptBand.handler(({ input }) => comparisons.acceptBand(input)),
    mergeDecisions: answer.mergeDecisions.handler(({ input, signal }) =>
      comparisons.merge(input, signal ?? never()),
    ),
    undoComparison: answer.undoComparison.handler(({ input }) => comparisons.undo(input.id)),
    redoComparison: answer.redoComparison.handler(({ input }) => comparisons.redo(input.id)),
    cropComparisonRow: answer.cropComparisonRow.handler(({ input }) => comparisons.crop(input)),
    exportComparison: answer.exportComparison.handler(({ input }) => comparisons.export(input)),
  });
}

const never = () => new AbortController().signal;

/** A generator throws after the middleware has returned, so its errors are converted to the contract's here. */
async function* failingAsContract<T, R>(steps: AsyncGenerator<T, R>): AsyncGenerator<T, R> {
  try {
    return yield* steps;
  } catch (error) {
    throw toContractError(error);
  }
}

/** The error as it is sent to the caller. */
export function toContractError(error: unknown): unknown {
  if (error instanceof ORPCError) return error;
  if (error instanceof LookalikeError) {
    // The cause goes to the log only.
    if (error.cause !== undefined) console.error(`${error.code}:`, error.cause);
    const { code, item, fault } = error;
    const data = { ...(item !== undefined && { item }), params: fault.params };
    return new ORPCError(code, { message: code, data, defined: true, cause: error });
  }
  console.error(error);
  const data = { params: { said: String(error) } };
  return new ORPCError('INTERNAL', { data, defined: true, cause: error });
}
