import { ListX, RotateCcw } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { RejectedPair } from '../../electron/contract/compare-trust.ts';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { Picture } from '../engine/picture.tsx';
import { Ago } from '../ui/ago.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { formatCounted } from '../ui/format.ts';
import { ErrorNote } from '../ui/note.tsx';
import './rejected-pairs.css';

/** The most pairs that are drawn. */
const MOST_SHOWN = 200;

interface PairRowProps {
  pair: RejectedPair;
  onForget: () => void;
}

function PairRow({ pair: { name, product, at }, onForget }: PairRowProps) {
  return (
    <li className="rejected-pair">
      <span className="rejected-pair-name" dir="auto" title={name}>
        {name}
      </span>
      <span className="label">is not</span>
      <Picture id={product.thumbnail} />
      <span className="rejected-words">
        <span dir="auto">{product.title}</span>
        <span className="label numbers">{product.sku}</span>
      </span>
      <span className="label">
        <Ago time={at} />
      </span>
      <button
        type="button"
        className="icon-button"
        aria-label={`Offer ${product.title} for ${name} again`}
        title="Offer it again"
        onClick={onForget}
      >
        <RotateCcw aria-hidden />
      </button>
    </li>
  );
}

/** The pairs that are offered in no comparison. Each can be taken back. */
export function RejectedPairs() {
  const [open, setOpen] = useState(false);
  // The button stays for the keyboard to come back to when the last pair is taken back.
  const [wasOpen, setWasOpen] = useState(false);
  const [pairs, setPairs] = useState<readonly RejectedPair[]>([]);
  const [error, setError] = useState<LookalikeError | null>(null);
  const read = useCallback(
    () =>
      engine
        .listRejectedPairs()
        .then(setPairs)
        .catch((thrown) => setError(asLookalikeError(thrown))),
    [],
  );
  useEffect(() => void read(), [read]);
  const forget = async ({ picture, product }: RejectedPair) => {
    setError(null);
    await engine
      .forgetRejectedPairs({ pairs: [{ picture, product: product.uid }] })
      .catch((thrown) => setError(asLookalikeError(thrown)));
    await read();
  };
  if (pairs.length === 0 && !wasOpen) return null;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setWasOpen(true);
        if (next) void read();
      }}
      title="Not a match, in all comparisons"
      className="rejected-pairs"
      trigger={
        <button type="button" className="button quiet">
          <ListX aria-hidden /> {formatCounted(pairs.length, 'rejected pair')}
        </button>
      }
    >
      {error && <ErrorNote error={error} />}
      {pairs.length === 0 ? (
        <p className="label">No pair is rejected any more.</p>
      ) : (
        <ul>
          {pairs.slice(0, MOST_SHOWN).map((pair) => (
            <PairRow
              key={`${pair.picture} ${pair.product.uid}`}
              pair={pair}
              onForget={() => void forget(pair)}
            />
          ))}
        </ul>
      )}
      {pairs.length > MOST_SHOWN && (
        <p className="label">And {formatCounted(pairs.length - MOST_SHOWN, 'earlier pair')}.</p>
      )}
    </Dialog>
  );
}
