import { create } from 'zustand';
import type { Connections } from '../../electron/contract/connections.ts';
import { engine, engineState } from '../engine/client.ts';

const LOOK_EVERY_MS = 3000;

/** Who was asked for what since the app was started; null until the engine first says. */
export const useConnections = create<{ connections: Connections | null }>(() => ({ connections: null }));

async function look(): Promise<void> {
  if (document.hidden || engineState.getState().phase !== 'ready') return;
  // An engine that dies meanwhile is told of elsewhere; what was known of its connections stays on screen.
  const connections = await engine.connections().catch(() => null);
  if (connections) useConnections.setState({ connections });
}

/** Asks every few seconds while the window is in sight. */
export function startConnections(): void {
  setInterval(() => void look(), LOOK_EVERY_MS);
  engineState.subscribe(() => void look());
}
