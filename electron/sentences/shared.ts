import type { FaultCode } from '../contract/faults.ts';
import { catalog } from './catalog.ts';
import { comparisons } from './comparisons.ts';
import { feeds } from './feeds.ts';
import { models } from './models.ts';
import { network } from './network.ts';
import { pictures } from './pictures.ts';
import type { Sentences } from './sentence.ts';
import { serving } from './serving.ts';

/**
 * The sentences that the window and the terminal share, which name neither a command nor a screen. Each is for a shop
 * assistant: what happened, and what to do.
 */
export const SHARED = {
  ...pictures,
  ...models,
  ...feeds,
  ...network,
  ...catalog,
  ...serving,
  ...comparisons,
  CANCELLED: () => 'Cancelled. What was finished is kept.',
  ENGINE_STOPPED: () => 'The search engine stopped before this was done.',
  // The text after "The search engine stopped."
  ENGINE_DIED: (params) => {
    switch (params.reason) {
      case 'silent':
        return 'It no longer answered, and was stopped.';
      case 'without-word':
        return `Its process ended without a message (code ${params.exitCode}): another program may have ended it, or memory ran out.`;
      case 'exception':
        return params.said;
    }
  },
  INTERNAL: ({ said }) => `Something went wrong inside Lookalike${said === null ? '' : ` (${said})`}.`,
} satisfies Partial<Sentences<FaultCode>>;
