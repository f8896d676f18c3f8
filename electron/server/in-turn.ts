import pLimit from 'p-limit';
import { AT_ONCE_IN_ENGINE } from './limits.ts';
import type { EngineClient } from './route.ts';

/** The same engine, which is asked for a few searches and embeddings at a time. The others wait here. */
export function inTurn(engine: EngineClient): EngineClient {
  const turn = pLimit(AT_ONCE_IN_ENGINE);
  const search: EngineClient['search'] = (...asked) => turn(() => engine.search(...asked));
  const embed: EngineClient['embed'] = (...asked) => turn(() => engine.embed(...asked));
  const limited: Partial<EngineClient> = { search, embed };
  return new Proxy(engine, { get: (all, name) => Reflect.get(limited, name) ?? Reflect.get(all, name) });
}
