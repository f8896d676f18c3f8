import { useEffect, useState } from 'react';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import type { FeedInspection, FeedRequest } from '../../electron/contract/publishing.ts';
import { asLookalikeError, engine } from '../engine/client.ts';

export interface Inspection {
  reading: boolean;
  /** The last successful result. It stays while the feed is read again. */
  found: FeedInspection | null;
  error: LookalikeError | null;
}

/** Milliseconds without a change before the feed is read again: correcting a mapping takes several changes in a row. */
const SETTLE_MS = 250;

/**
 * Inspects a feed, again whenever the request changes.
 * @param request null reads nothing
 * @param attempt another number reads the same request again
 */
export function useInspection(request: FeedRequest | null, attempt: number): Inspection {
  const [state, setState] = useState<Inspection>({ reading: false, found: null, error: null });
  const key = request && JSON.stringify(request);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a number is the only way to ask for the same again
  useEffect(() => {
    if (key === null) {
      setState({ reading: false, found: null, error: null });
      return;
    }
    const parsed: FeedRequest = JSON.parse(key);
    const controller = new AbortController();
    setState(({ found }) => ({ reading: true, found, error: null }));
    const timer = setTimeout(() => {
      engine.inspectFeed(parsed, { signal: controller.signal }).then(
        (found) => controller.signal.aborted || setState({ reading: false, found, error: null }),
        (error) =>
          controller.signal.aborted ||
          setState(({ found }) => ({ reading: false, found, error: asLookalikeError(error) })),
      );
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [key, attempt]);
  return state;
}
