import { X } from 'lucide-react';
import { matchFirst } from '../match/photo-queue.ts';
import { Bar } from '../ui/bar.tsx';
import { formatCounted } from '../ui/format.ts';
import { takeCatalog } from './intake.ts';
import { dismissOffer, fetchAndMatch, type Offer, useOffer } from './offer.ts';

function Question({ offer }: { offer: Offer }) {
  if (offer.kind === 'folder') {
    const { name, pictures, leftOut } = offer;
    return (
      <span>
        “<bdi>{name}</bdi>” holds {formatCounted(pictures.length, 'picture')}
        {leftOut > 0 && ` and ${formatCounted(leftOut, 'other file')}`}.
      </span>
    );
  }
  const { host } = offer.url;
  return (
    <span>
      {offer.kind === 'fetching' ? 'Fetching the picture from ' : 'Fetch this picture from '}
      <strong>
        <bdi>{host}</bdi>
      </strong>
      {offer.kind === 'fetching' ? '…' : '? Only that server is asked.'}
    </span>
  );
}

function Answers({ offer }: { offer: Offer }) {
  if (offer.kind === 'fetching') return null;
  if (offer.kind === 'address') {
    const { url } = offer;
    return (
      // biome-ignore lint/a11y/noAutofocus: the question answers what the person has just done; Enter says yes.
      <button type="button" className="button primary" autoFocus onClick={() => void fetchAndMatch(url)}>
        Fetch and match
      </button>
    );
  }
  const { pictures, leftOut, path } = offer;
  const match = () => {
    dismissOffer();
    matchFirst(pictures, leftOut);
  };
  const use = () => {
    dismissOffer();
    takeCatalog(path, 'folder');
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noAutofocus: as above. */}
      <button type="button" className="button primary" autoFocus onClick={match}>
        {pictures.length === 1 ? 'Match it' : `Match the first of ${pictures.length}`}
      </button>
      <button type="button" className="button" onClick={use}>
        Use as a catalog
      </button>
    </>
  );
}

/** A question across the window about what was dropped or pasted. Esc, or the cross, means no. */
export function OfferLine() {
  const offer = useOffer((state) => state.offer);
  if (!offer) return null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc anywhere in the question.
    <div
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        dismissOffer();
      }}
    >
      <Bar>
        <Question offer={offer} />
        <Answers offer={offer} />
        <button
          type="button"
          className="icon-button"
          aria-label="Cancel"
          title="Cancel (Esc)"
          onClick={dismissOffer}
        >
          <X aria-hidden />
        </button>
      </Bar>
    </div>
  );
}
