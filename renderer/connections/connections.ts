import { create } from 'zustand';
import type { Connections } from '../../electron/contract/connections.ts';
import { engine, engineState } from '../engine/client.ts';

const LOOK_EVERY_MS = 3000;

/** The hosts that were contacted since the app was started; null until the engine has reported. */
export const useConnections = create<{ connections: Connections | null }>(() => ({ connections: null }));

async function look(): Promise<void> {
  if (document.hidden || engineState.getState().phase !== 'ready') return;
  // `EngineLine` reports an engine that stopped meanwhile. The last known connections stay on screen.
  const connections = await engine.connections().catch(() => null);
  if (connections) useConnections.setState({ connections });
}

/** Polls every few seconds while the window is visible. */
export function startConnections(): void {
  setInterval(() => void look(), LOOK_EVERY_MS);
  engineState.subscribe(() => void look());
}
