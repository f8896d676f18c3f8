import { implement, ORPCError } from '@orpc/server';
import { contract } from '../contract/contract.ts';
import { LookalikeError } from '../contract/errors.ts';
import type { Engine } from './engine.ts';

/** The contract, answered by an engine. Serve it on a port, or call it in-process with `createRouterClient`. */
export function createRouter(engine: Engine) {
  // Errors cross as data: the code, the sentence for people, and the item.
  const answer = implement(contract).use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      throw toContractError(error);
    }
  });
  return answer.router({
    status: answer.status.handler(() => engine.status()),
    watch: answer.watch.handler(({ signal }) => engine.watch(signal ?? new AbortController().signal)),
    search: answer.search.handler(({ input }) => engine.search(input)),
    product: answer.product.handler(({ input }) => engine.product(input.productId)),
    facets: answer.facets.handler(({ input }) => engine.facets(input.filters)),
    thumbnails: answer.thumbnails.handler(async ({ input }) => ({
      thumbnails: await engine.thumbnails(input.ids),
    })),
    preview: answer.preview.handler(({ input }) => engine.preview(input.photo)),
    importFeed: answer.importFeed.handler(async function* ({ input, signal }) {
      try {
        return yield* engine.importFeed(input.source, signal ?? new AbortController().signal);
      } catch (error) {
        // A generator fails after the middleware above has returned.
        throw toContractError(error);
      }
    }),
  });
}

function toContractError(error: unknown): unknown {
  if (error instanceof ORPCError) return error;
  if (error instanceof LookalikeError) {
    const data = error.item === undefined ? {} : { item: error.item };
    return new ORPCError(error.code, { message: error.message, data, defined: true, cause: error });
  }
  console.error(error);
  return new ORPCError('INTERNAL', { message: String(error), data: {}, defined: true, cause: error });
}
