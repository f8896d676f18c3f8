import { beforeAll, expect, test, vi } from 'vitest';
import type { PhoneEvent } from '../../electron/contract/phone.ts';
import { answer, fakeWindow, startEngine, until } from '../engine/test-engine.ts';
import { choosePhoneNetwork, closePhone, openPhone, usePhone } from './phone.ts';

const matchPhoto = vi.hoisted(() => vi.fn(async (_photo: Blob, _name: string) => {}));
vi.mock('./query-actions.ts', () => ({ matchPhoto }));

const WIFI = { address: '192.168.1.5', name: 'wlan0' };
const CABLE = { address: '10.0.0.5', name: 'eth0' };

/** Addresses that were opened, and those that are open now. */
const opened: string[] = [];
const open = new Set<string>();
let tell: (event: PhoneEvent) => void = () => {};

function serve(addresses: (typeof WIFI)[], holdsMs = 60_000) {
  startEngine({
    phoneAddresses: answer.phoneAddresses.handler(() => addresses),
    openPhone: answer.openPhone.handler(async function* ({ input: { address }, signal }) {
      opened.push(address);
      open.add(address);
      const events: PhoneEvent[] = [];
      let wake = () => {};
      tell = (event) => {
        events.push(event);
        wake();
      };
      signal?.addEventListener('abort', () => wake());
      try {
        const until = new Date(Date.now() + holdsMs).toISOString();
        yield { type: 'waiting', url: `http://${address}:1/#code`, until, fingerprint: null };
        while (!signal?.aborted) {
          yield* events.splice(0);
          await new Promise<void>((resolve) => {
            wake = resolve;
            if (events.length > 0 || signal?.aborted) resolve();
          });
        }
      } finally {
        open.delete(address);
      }
    }),
  });
}

const state = () => usePhone.getState().state;

beforeAll(() => fakeWindow());

test('the page moves to the network that was chosen, photos of the phone are matched, and closing ends it', async () => {
  serve([WIFI, CABLE]);
  await openPhone();
  await until(() => expect(state()).toMatchObject({ phase: 'waiting', url: 'http://192.168.1.5:1/#code' }));
  choosePhoneNetwork(CABLE.address);
  await until(() => expect(state()).toMatchObject({ phase: 'waiting', url: 'http://10.0.0.5:1/#code' }));
  await until(() => expect([...open]).toEqual([CABLE.address]));

  tell({ type: 'joined' });
  await until(() => expect(state()).toEqual({ phase: 'joined', photos: 0 }));
  tell({ type: 'photo', bytes: new Uint8Array([1, 2]) });
  await until(() => expect(state()).toEqual({ phase: 'joined', photos: 1 }));
  expect(matchPhoto).toHaveBeenLastCalledWith(expect.any(Blob), 'Photo from a phone');

  closePhone();
  await until(() => expect([...open]).toEqual([]));
  expect(state()).toEqual({ phase: 'closed' });
  // The network that was chosen is the one of the next time.
  await openPhone();
  await until(() => expect(opened.at(-1)).toBe(CABLE.address));
  closePhone();
});

test('a code that no phone has used expires with its page; without a network it is said', async () => {
  serve([WIFI], 50);
  await openPhone();
  await until(() => expect(state()).toEqual({ phase: 'expired' }));
  await until(() => expect([...open]).toEqual([]));
  serve([]);
  await openPhone();
  expect(state()).toEqual({ phase: 'no network' });
});
