import { type AnyProcedure, createProcedureClient, getRouter, isProcedure, os, unlazy } from '@orpc/server';
import { contract } from '../contract/contract.ts';
import { contractErrors } from '../contract/procedure.ts';
import type { UpgradeProgress } from '../contract/status.ts';
import type { Engine } from './engine.ts';
import { createRouter, toContractError } from './router.ts';
import type { Asker } from './work/priority-gate.ts';

/** The pause between two attempts, so that many simultaneous requests do not each try to open the engine. */
const TRY_AGAIN_AFTER_MS = 1000;

/** An engine that is being opened, or failed to open. A later request tries again. */
export class OpeningEngine {
  readonly #open: () => Promise<Engine>;
  #opening: Promise<Engine>;
  /** When opening failed, in milliseconds. */
  #failedAt: number | null = null;

  constructor(open: () => Promise<Engine>) {
    this.#open = open;
    this.#opening = this.#try();
  }

  /** @throws LookalikeError of `openEngine` */
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
 * The contract, answered by `createRouter` once the engine is open. When it cannot be opened, every call fails with the
 * reason, and the process keeps running to report it.
 * @param upgrade answers the one call that does not wait
 * @param asker who waits for the answers
 */
export function routerWhenOpen(
  open: () => Promise<Engine>,
  upgrade: () => UpgradeProgress | null,
  asker: Asker = 'person',
): Record<string, AnyProcedure> {
  // Creating a router takes some milliseconds, so it is created once and not for every query.
  let made: { engine: Engine; router: ReturnType<typeof createRouter> } | null = null;
  const routerOf = (engine: Engine) => {
    if (made?.engine !== engine) made = { engine, router: createRouter(engine, asker) };
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
