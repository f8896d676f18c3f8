import { LookalikeError } from '../../contract/errors.ts';
import type { PhoneEvent, PhoneRequest } from '../../contract/phone.ts';
import type { Result, SearchRequest, SearchResponse } from '../../contract/search.ts';
import { dataFolder } from '../files/data-folder.ts';
import { phoneAddresses } from './addresses.ts';
import { Admission } from './admission.ts';
import { fingerprintOf, ownCertificate } from './certificate.ts';
import type { PhoneResult } from './page-script.ts';
import { PhoneServer } from './phone-server.ts';

type Search = (request: SearchRequest, signal: AbortSignal) => Promise<SearchResponse>;

/** Products that the phone shows. */
const SHOWN = 6;

/**
 * Opens a page for one phone on the local network until the signal aborts, and yields what happens there. Each photo is searched
 * here for the phone, and yielded for the window, which asks for it as for every photo.
 * @throws LookalikeError PHONE_ADDRESS_UNKNOWN, SERVER_NOT_LISTENING, STORAGE_*
 */
export async function* openPhone(
  { address, encrypted }: PhoneRequest,
  { search, dataDir }: { search: Search; dataDir: string },
  signal: AbortSignal,
): AsyncGenerator<PhoneEvent, void> {
  if (!phoneAddresses().some((each) => each.address === address))
    throw new LookalikeError({ code: 'PHONE_ADDRESS_UNKNOWN', params: { address } });
  const certificate = encrypted ? await ownCertificate(dataFolder.phoneCertificate(dataDir)) : null;
  const events: PhoneEvent[] = [];
  let wake = () => {};
  const tell = (event: PhoneEvent) => {
    events.push(event);
    wake();
  };
  const admission = new Admission();
  const server = await PhoneServer.start({
    address,
    certificate,
    admission,
    onJoin: () => tell({ type: 'joined' }),
    onPhoto: async (bytes, gone) => {
      tell({ type: 'photo', bytes });
      const query = { kind: 'photo', photo: { bytes }, crop: 'auto' } as const;
      return resultsOf(await search({ query, limit: SHOWN }, AbortSignal.any([gone, signal])));
    },
  });
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  try {
    yield {
      type: 'waiting',
      url: `${server.origin}/#${admission.code}`,
      until: new Date(admission.until).toISOString(),
      fingerprint: certificate && fingerprintOf(certificate),
    };
    while (!signal.aborted) {
      const happened = new Promise<void>((resolve) => {
        wake = resolve;
      });
      yield* events.splice(0);
      if (!signal.aborted && events.length === 0) await happened;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    await server.close();
  }
}

type ShownField = 'title' | 'color' | 'styleSku' | 'price' | 'currency' | 'thumbnail';

/** What the phone shows of an answer. */
interface ShownAnswer {
  results: readonly Pick<Result, ShownField>[];
  thumbnails: SearchResponse['thumbnails'];
}

/** An answer as the phone shows it. */
export function resultsOf({ results, thumbnails }: ShownAnswer): PhoneResult[] {
  const pictures = new Map(thumbnails.map(({ id, bytes }) => [id, bytes]));
  return results.map((result) => {
    const { title, color, styleSku, price, currency, thumbnail } = result;
    const isAnother = results.some(
      (other) => other !== result && other.title === title && other.color === color,
    );
    const about = [color, isAnother && styleSku].filter(Boolean).join(' · ') || null;
    const bytes = pictures.get(thumbnail);
    const picture = bytes ? `data:image/webp;base64,${Buffer.from(bytes).toString('base64')}` : null;
    return { title, about, price, currency, picture };
  });
}
