import { ORPCError } from '@orpc/client';
import { OpenAPIHandler } from '@orpc/openapi/fetch';
import { implement } from '@orpc/server';
import { z } from 'zod';
import type { Snapshot } from '../contract/catalog.ts';
import { contract } from '../contract/contract.ts';
import type { ContractMeta } from '../contract/procedure.ts';
import { scope } from '../contract/serving.ts';
import { requireScope } from './access.ts';
import { indexWellFormed } from './index-request.ts';
import { bytesOf, fromBase64 } from './input.ts';
import { badRequest, Refusal, refusalOf } from './refusal.ts';
import type { Asked, Route } from './route.ts';

interface Context {
  asked: Asked;
  /** What went wrong; the server tells it as a problem. */
  failure: { error: unknown } | null;
}

const meta: z.ZodType<ContractMeta> = z.object({ scope: scope.nullable() });
const answer = implement(contract).$context<Context>();

/** The calls of the contract that have a scope. Each is asked of the engine as it came. */
export const served = {
  status: answer.status.handler(({ context: { asked }, signal }) =>
    asked.engine.status(undefined, aborted(signal)),
  ),
  search: answer.search.handler(async ({ input, context: { asked }, signal }) => {
    const found = await asked.engine.search(input, aborted(signal));
    return { ...found, snapshot: withoutPlaces(found.snapshot) };
  }),
  embed: answer.embed.handler(({ input, context: { asked }, signal }) =>
    asked.engine.embed(input, aborted(signal)),
  ),
  product: answer.product.handler(({ input, context: { asked } }) => asked.engine.product(input)),
  thumbnails: answer.thumbnails.handler(({ input, context: { asked } }) => asked.engine.thumbnails(input)),
  indexProducts: answer.indexProducts.handler(async ({ input, context: { asked } }) => {
    const report = await asked.engine.indexProducts(input);
    return { ...report, snapshot: report.snapshot && withoutPlaces(report.snapshot) };
  }),
  listSources: answer.listSources.handler(({ context: { asked } }) => asked.engine.listSources()),
  planSource: answer.planSource.handler(async ({ input, context: { asked }, signal }) => {
    await requireSource(asked, input.id);
    return toldAsProblems(await asked.engine.planSource(input, aborted(signal)));
  }),
  syncSource: answer.syncSource.handler(async ({ input, context: { asked }, signal }) => {
    await requireSource(asked, input.id);
    return toldAsProblems(await asked.engine.syncSource(input, aborted(signal)));
  }),
  listSnapshots: answer.listSnapshots.handler(({ context: { asked } }) => asked.engine.listSnapshots()),
  compareSnapshots: answer.compareSnapshots.handler(({ input, context: { asked } }) =>
    asked.engine.compareSnapshots(input),
  ),
  rollBack: answer.rollBack.handler(({ input, context: { asked } }) => asked.engine.rollBack(input)),
  listModels: answer.listModels.handler(({ context: { asked } }) => asked.engine.listModels()),
  planSwitch: answer.planSwitch.handler(async ({ input, context: { asked } }) => {
    await requireModel(asked, input.id);
    return asked.engine.planSwitch(input);
  }),
  useModel: answer.useModel.handler(async ({ input, context: { asked }, signal }) => {
    await requireModel(asked, input.id);
    return toldAsProblems(await asked.engine.useModel(input, aborted(signal)));
  }),
};

const handler = new OpenAPIHandler(served, {
  customJsonSerializers: [
    // Bytes in JSON, as in requests.
    {
      condition: (data) => data instanceof Uint8Array,
      serialize: (data) => (data instanceof Uint8Array ? Buffer.from(data).toString('base64') : null),
    },
  ],
  interceptors: [
    async ({ next, context }) => {
      try {
        return await next();
      } catch (error) {
        context.failure = { error };
        throw error;
      }
    },
  ],
  clientInterceptors: [
    async ({ next, ...call }) => {
      const { scope } = meta.parse(call.procedure['~orpc'].meta);
      const { client } = call.context.asked;
      if (scope === null || client === null) throw new Error('a call that is not served');
      requireScope(client, scope);
      const { input } = call;
      if (isObject(input) && Array.isArray(input.products))
        return indexWellFormed({ products: input.products }, (products) =>
          next({ ...call, input: products }),
        );
      return next({ ...call, input: await withPhoto(input) });
    },
  ],
});

/** Our own contract, under `/v1`. */
export const v1: Route = {
  scope: 'by procedure',
  summary: 'The contract of Lookalike itself.',
  answer: async (asked) => {
    const context: Context = { asked, failure: null };
    const { matched, response } = await handler.handle(asked.request, { prefix: '/v1', context });
    if (context.failure) throw readable(context.failure.error);
    if (!matched) throw new Refusal(404, 'NOT_FOUND', 'Nothing is answered at this address.');
    return response;
  },
};

const aborted = (signal: AbortSignal | undefined) => (signal ? { signal } : {});

/** A body that cannot be read at all fails with the error of its parser. */
function readable(error: unknown): unknown {
  const isOfParser = error instanceof SyntaxError || error instanceof TypeError;
  return isOfParser ? badRequest('The body is neither JSON nor a form that can be read.') : error;
}

/** The photos of a request. */
async function withPhoto(input: unknown): Promise<unknown> {
  if (!isObject(input)) return input;
  if (isObject(input.query)) return { ...input, query: await withPhoto(input.query) };
  const also = Array.isArray(input.also) ? { also: await Promise.all(input.also.map(photoOf)) } : {};
  return 'photo' in input ? { ...input, photo: await photoOf(input.photo), ...also } : input;
}

/** A photo of a request comes in base64, or as a file of a form. A path is not read, whatever it names. */
async function photoOf(photo: unknown): Promise<unknown> {
  if (!isObject(photo)) return photo;
  if ('path' in photo)
    throw new Refusal(
      422,
      'PATH_NOT_SERVED',
      'Paths are not read. Send the photo itself as "bytes", in base64.',
    );
  const { bytes } = photo;
  if (typeof bytes === 'string') return { bytes: fromBase64(bytes) };
  return bytes instanceof Blob ? { bytes: await bytesOf(bytes) } : photo;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !(value instanceof Blob);

/** Whoever may search or index need not know where on this machine, or at which address, the feeds are. */
function withoutPlaces(snapshot: Snapshot): Snapshot {
  const { sources } = snapshot;
  return {
    ...snapshot,
    source: '',
    ...(sources && { sources: sources.map((each) => ({ ...each, ref: '' })) }),
  };
}

/** A stream answers 200 before its first step, so what is not there is refused before. @throws Refusal 404 */
async function requireSource({ engine }: Asked, id: string): Promise<void> {
  if ((await engine.listSources()).some(({ source }) => source.id === id)) return;
  throw new Refusal(404, 'SOURCE_UNKNOWN', 'There is no source with this id.');
}

/** @throws Refusal 404 */
async function requireModel({ engine }: Asked, id: string): Promise<void> {
  if ((await engine.listModels()).some((model) => model.id === id)) return;
  throw new Refusal(404, 'MODEL_UNKNOWN', 'There is no model with this id.');
}

/** An error in the middle of a stream, without what only the log may say. */
async function* toldAsProblems<T, R>(steps: AsyncGenerator<T, R>): AsyncGenerator<T, R> {
  try {
    return yield* steps;
  } catch (error) {
    const { status, code, message } = refusalOf(error);
    throw new ORPCError(code, { status, message });
  }
}
