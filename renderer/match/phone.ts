import { create } from 'zustand';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import type { PhoneAddress } from '../../electron/contract/phone.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { usePreferences } from '../page/preferences.ts';
import { matchPhoto } from './query-actions.ts';

/** The page for a phone: `waiting` for a phone to open it, `joined` by one. */
export type PhoneState =
  | { phase: 'closed' | 'opening' | 'no network' | 'expired' }
  | { phase: 'waiting'; url: string; fingerprint: string | null }
  | { phase: 'joined'; photos: number }
  | { phase: 'failed'; error: LookalikeError };

interface Phone {
  state: PhoneState;
  /** Where the page can be reached, the most likely place first. */
  addresses: readonly PhoneAddress[];
  /** The one that was chosen. */
  address: string;
}

export const usePhone = create<Phone>(() => ({ state: { phase: 'closed' }, addresses: [], address: '' }));

const set = (state: PhoneState): void => usePhone.setState({ state });

/** Ends the session that is open. */
let session: AbortController | null = null;

/** Opens the page for a phone, where one was opened before if this computer still is in that network. */
export async function openPhone(): Promise<void> {
  set({ phase: 'opening' });
  try {
    const addresses = await engine.phoneAddresses();
    const { phoneNetwork } = usePreferences.getState();
    const { address = '' } = addresses.find(({ name }) => name === phoneNetwork) ?? addresses[0] ?? {};
    usePhone.setState({ addresses, address });
    if (address === '') set({ phase: 'no network' });
    else void run();
  } catch (error) {
    set({ phase: 'failed', error: asLookalikeError(error) });
  }
}

/** @param address one of `addresses` */
export function choosePhoneNetwork(address: string): void {
  const { addresses } = usePhone.getState();
  const { name = null } = addresses.find((each) => each.address === address) ?? {};
  usePreferences.setState({ phoneNetwork: name });
  usePhone.setState({ address });
  void run();
}

export function encryptPhone(phoneEncrypted: boolean): void {
  usePreferences.setState({ phoneEncrypted });
  void run();
}

/** The page is gone, and so is the phone's session. */
export function closePhone(): void {
  session?.abort();
  set({ phase: 'closed' });
}

/** Opens the page with a new code, until it is closed, and matches the photos that come. */
async function run(): Promise<void> {
  session?.abort();
  const mine = new AbortController();
  session = mine;
  set({ phase: 'opening' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const { address } = usePhone.getState();
    const encrypted = usePreferences.getState().phoneEncrypted;
    const events = await engine.openPhone({ address, encrypted }, { signal: mine.signal });
    for await (const event of events) {
      if (mine.signal.aborted) return;
      if (event.type === 'waiting') {
        const { url, fingerprint, until } = event;
        set({ phase: 'waiting', url, fingerprint });
        timer = setTimeout(() => expire(mine), Date.parse(until) - Date.now());
      } else {
        clearTimeout(timer);
        const { state } = usePhone.getState();
        const before = state.phase === 'joined' ? state.photos : 0;
        set({ phase: 'joined', photos: event.type === 'photo' ? before + 1 : before });
        if (event.type === 'photo') void matchPhoto(new Blob([event.bytes]), 'Photo from a phone');
      }
    }
  } catch (error) {
    if (!mine.signal.aborted) set({ phase: 'failed', error: asLookalikeError(error) });
  } finally {
    clearTimeout(timer);
  }
}

function expire(of: AbortController): void {
  if (of.signal.aborted) return;
  of.abort();
  set({ phase: 'expired' });
}
