import { shellMessage } from '../../electron/contract/shell-message.ts';
import { useConnection } from '../engine/connection.ts';
import { takeCatalog } from './intake.ts';

/**
 * Handles packs that were opened from outside, once the engine has reported whether there is a catalog to compare them with.
 */
export function startOpenedFiles(): void {
  window.addEventListener('message', (event) => {
    if (event.source !== window) return;
    const { data: message } = shellMessage.safeParse(event.data);
    if (message?.type === 'lookalike:open-file') whenKnown(() => takeCatalog(message.path));
  });
}

function whenKnown(act: () => void): void {
  if (useConnection.getState().status) {
    act();
    return;
  }
  const unsubscribe = useConnection.subscribe(({ status }) => {
    if (!status) return;
    unsubscribe();
    act();
  });
}
