import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { ERROR_MESSAGES, type ErrorCode } from './errors.ts';
import {
  facets,
  feedSource,
  filters,
  importProgress,
  importReport,
  photo,
  productDetails,
  searchRequest,
  searchResponse,
  status,
  thumbnail,
  thumbnailId,
} from './schemas.ts';

const errorData = z.object({ item: z.string().optional() });
type ContractErrors = Record<ErrorCode, { message: string; data: typeof errorData }>;

function contractErrors(): ContractErrors {
  const entries = Object.entries(ERROR_MESSAGES).map(([code, message]) => [
    code,
    { message, data: errorData },
  ]);
  return Object.fromEntries(entries);
}

const procedure = oc.errors(contractErrors());

/** What the engine can be asked, by the app over a MessagePort and by the CLI and the tests in-process. */
export const contract = {
  status: procedure.output(status),

  /** The status now, and again whenever a snapshot is published or an import starts or ends. */
  watch: procedure.output(eventIterator(status)),

  search: procedure.input(searchRequest).output(searchResponse),

  product: procedure.input(z.object({ productId: z.string() })).output(productDetails),

  /** Counts for the filters when there is no query yet. */
  facets: procedure.input(z.object({ filters })).output(facets),

  /** Ids that the live snapshot does not have are left out of the answer. */
  thumbnails: procedure
    .input(z.object({ ids: z.array(thumbnailId).max(200) }))
    .output(z.object({ thumbnails: z.array(thumbnail) })),

  /** The photo upright as WebP within 1600 px, for formats a browser cannot show; width and height are the original's. */
  preview: procedure
    .input(z.object({ photo }))
    .output(z.object({ bytes: z.instanceof(Uint8Array), width: z.number().int(), height: z.number().int() })),

  /** Runs until the report; cancel by aborting the call. */
  importFeed: procedure
    .input(z.object({ source: feedSource }))
    .output(eventIterator(importProgress, importReport)),
};
