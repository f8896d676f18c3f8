import { type AnyProcedure, createProcedureClient, getRouter, isProcedure, os, unlazy } from '@orpc/server';
import { contract, contractErrors } from '../contract/contract.ts';
import type { UpgradeProgress } from '../contract/status.ts';
import type { Engine } from './engine.ts';
import { createRouter, toContractError } from './router.ts';

/** So that many questions that come at once do not each try to open the engine. */
const TRY_AGAIN_AFTER_MS = 1000;

/** An engine that is being opened or could not be: whoever asks for it later has it tried again. */
export class OpeningEngine {
  readonly #open: () => Promise<Engine>;
  #opening: Promise<Engine>;
  /** When it failed, in milliseconds. */
  #failedAt: number | null = null;

  constructor(open: () => Promise<Engine>) {
    this.#open = open;
    this.#opening = this.#try();
  }

  /** @throws LookalikeError that of `openEngine` */
  get(): Promise<Engine> {
    if (this.#failedAt !== null && Date.now() - this.#failedAt > TRY_AGAIN_AFTER_MS)
      this.#opening = this.#try();
    return this.#opening;
  }

  async #try(): Promise<Engine> {
    this.#failedAt = null;
    try {
      return await this.#open();
    } catch (error) {
      this.#failedAt = Date.now();
      throw error;
    }
  }
}

/**
 * The contract as `createRouter` answers it, once the engine is open. While it cannot be opened every call fails with the
 * reason, and the process stays up to say it.
 * @param upgrade answers the one call that does not wait
 */
export function routerWhenOpen(
  open: () => Promise<Engine>,
  upgrade: () => UpgradeProgress | null,
): Record<string, AnyProcedure> {
  // Making a router takes some milliseconds, which no query should pay for again.
  let made: { engine: Engine; router: ReturnType<typeof createRouter> } | null = null;
  const routerOf = (engine: Engine) => {
    if (made?.engine !== engine) made = { engine, router: createRouter(engine) };
    return made.router;
  };
  const procedures = Object.keys(contract).map((name): [string, AnyProcedure] => {
    const answer = os.errors(contractErrors()).handler(async ({ input, signal, lastEventId }) => {
      if (name === 'upgrade') return upgrade();
      const engine = await open().catch((error: unknown) => {
        throw toContractError(error);
      });
      const { default: procedure } = await unlazy(getRouter(routerOf(engine), [name]) ?? notThere(name));
      if (!isProcedure(procedure)) return notThere(name);
      return createProcedureClient(procedure, { path: [name] })(input, {
        ...(signal && { signal }),
        ...(lastEventId !== undefined && { lastEventId }),
      });
    });
    return [name, answer];
  });
  return Object.fromEntries(procedures);
}

function notThere(name: string): never {
  throw new Error(`The contract has no "${name}".`);
}
