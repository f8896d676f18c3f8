import type { EngineClient } from './route.ts';

/** Whether the parts that answer are there. It is told to anybody, so it tells nothing of the shop. */
export interface Health {
  healthy: boolean;
  checks: { model: boolean; catalog: boolean; cache: boolean };
}

/** How long the engine may take to say how it is, in milliseconds. It answers nothing while the model runs. */
const PATIENCE_MS = 5000;
/** How long an answer holds: health is asked without a token, and must not cost the engine anything. */
const HOLDS_MS = 1000;

let last: { engine: EngineClient; at: number; health: Promise<Health> } | null = null;

export function healthOf(engine: EngineClient): Promise<Health> {
  const now = performance.now();
  if (last?.engine !== engine || now - last.at > HOLDS_MS) last = { engine, at: now, health: look(engine) };
  return last.health;
}

async function look(engine: EngineClient): Promise<Health> {
  try {
    const { snapshot } = await engine.status(undefined, { signal: AbortSignal.timeout(PATIENCE_MS) });
    // The cache of answers is a part of the engine that answers.
    return { healthy: snapshot !== null, checks: { model: true, catalog: snapshot !== null, cache: true } };
  } catch {
    return { healthy: false, checks: { model: false, catalog: false, cache: false } };
  }
}
