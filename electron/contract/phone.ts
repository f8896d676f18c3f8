import { z } from 'zod';
import { bytes } from './catalog.ts';

/** An address of this computer in a private network. */
export const phoneAddress = z.object({
  address: z.ipv4(),
  /** The system's name of the interface: "wlan0", "Wi-Fi". */
  name: z.string(),
});
export type PhoneAddress = z.infer<typeof phoneAddress>;

export const phoneRequest = z.object({
  /** One of `phoneAddresses`. */
  address: z.ipv4(),
  /** Encrypt, with this computer's own certificate, of which browsers warn. */
  encrypted: z.boolean().default(false),
});
export type PhoneRequest = z.infer<typeof phoneRequest>;

/** What happens while the page for a phone is open. */
export const phoneEvent = z.discriminatedUnion('type', [
  /** The page answers there, to the first phone that opens it before `until`. */
  z.object({
    type: z.literal('waiting'),
    /** With the token of one phone. */
    url: z.string(),
    until: z.iso.datetime(),
    /** SHA-256 of the certificate, in pairs of hex digits; null without encryption. */
    fingerprint: z.string().nullable(),
  }),
  /** A phone has opened it. No other can. */
  z.object({ type: z.literal('joined') }),
  /** A photo has come. The phone is shown its first products by the engine. */
  z.object({ type: z.literal('photo'), bytes }),
]);
export type PhoneEvent = z.infer<typeof phoneEvent>;
