// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be drawn in part
// biome-ignore-all lint/a11y/useFocusableInteractive: in a grid, one row at a time has the keyboard
import { CircleAlert } from 'lucide-react';
import { memo } from 'react';
import type { ComparedProduct, ComparisonCandidate, ComparisonRow } from '../../electron/contract/compare.ts';
import { useOnDemand } from '../engine/on-demand.ts';
import { Picture } from '../engine/picture.tsx';
import { formatPrice } from '../ui/format.ts';
import { faultSentence } from '../ui/sentences.ts';
import { BandMark } from './band-mark.tsx';
import type { LoadedRows } from './loaded-rows.ts';
import { MatchMark } from './match-mark.tsx';
import { CHANGE_WORDS, positionInWords, rowFactsInWords, rowName, rowPlaces } from './row-words.ts';
import { useRow } from './use-row.ts';

/** Height of a row, in CSS pixels. */
export const TABLE_ROW = 64;

export const tableRowId = (row: number) => `compare-row-${row}`;

/** A row's own picture, small; an empty frame until it is there. */
export function RowThumbnail({ loaded, number }: { loaded: LoadedRows; number: number }) {
  const url = useOnDemand(loaded.thumbnails, number);
  return (
    <span className="picture">{url && <img src={url} alt="" decoding="async" draggable={false} />}</span>
  );
}

/** Why there is no candidate. */
function NoCandidate({ row }: { row: ComparisonRow }) {
  if (row.status === 'waiting') return <span className="label">Not run yet</span>;
  if (row.status === 'answered') return <span className="label">Nothing like it was found</span>;
  const sentence = row.fault ? faultSentence(row.fault) : 'This picture could not be read.';
  return (
    <span className="table-failed" title={sentence}>
      <CircleAlert aria-hidden /> {sentence}
    </span>
  );
}

/** The decided product, or the first candidate; null where a person has decided that there is none. */
function productOf({ decision, candidates }: ComparisonRow): ComparedProduct | null {
  return decision?.match === 'none' ? null : (decision?.product ?? candidates[0] ?? null);
}

function ProductWords({ row, product }: { row: ComparisonRow; product: ComparedProduct | null }) {
  if (!product) {
    return row.decision ? <span className="label">We have nothing like it</span> : <NoCandidate row={row} />;
  }
  const price = product.price === null ? null : formatPrice(product.price, product.currency);
  return (
    <>
      <span dir="auto" title={product.title}>
        {product.title}
      </span>
      <span className="label numbers" dir="auto">
        {[product.sku, product.color, price, positionInWords(row, product)]
          .filter((part) => part)
          .join(' · ')}
      </span>
    </>
  );
}

/** What else is to be known of a row's decision. */
function RowNote({ row: { changed, decision } }: { row: ComparisonRow }) {
  const words = changed ? CHANGE_WORDS[changed] : decision?.inBulk ? 'in bulk, not checked' : null;
  return words && <span className="label table-note">{words}</span>;
}

/** The candidate's band: of the decided product where it is one of them. */
function bandOf({ candidates, decision }: ComparisonRow): ComparisonCandidate['band'] | undefined {
  const uid = decision?.product?.uid ?? candidates[0]?.uid;
  return candidates.find((candidate) => candidate.uid === uid)?.band;
}

function Cells({ row }: { row: ComparisonRow }) {
  const band = bandOf(row);
  const byHand = row.decision?.product && !band && row.changed !== 'gone';
  const product = productOf(row);
  const facts = rowFactsInWords(row);
  return (
    <>
      <span role="gridcell">{product && <Picture id={product.thumbnail} />}</span>
      <span role="gridcell" className="table-words" title={rowPlaces(row)}>
        <span dir="auto">{rowName(row)}</span>
        {facts !== '' && (
          <span className="label numbers" dir="auto">
            {facts}
          </span>
        )}
      </span>
      <span role="gridcell" className="table-words">
        <ProductWords row={row} product={product} />
      </span>
      <span role="gridcell" className="table-band">
        {band && row.decision?.match !== 'none' && <BandMark band={band} />}
        {byHand && <span className="label">Found by hand</span>}
      </span>
      <span role="gridcell">
        {row.decision ? (
          <MatchMark match={row.decision.match} />
        ) : (
          row.status === 'answered' && <span className="table-undecided">Undecided</span>
        )}
        <RowNote row={row} />
      </span>
    </>
  );
}

interface TableRowProps {
  loaded: LoadedRows;
  number: number;
  /** From 0, among the rows that are shown. */
  index: number;
  y: number;
  /** It has the keyboard. */
  current: boolean;
  selected: boolean;
  onTick: (number: number, toHere: boolean) => void;
  onPoint: (number: number) => void;
  onOpen: (number: number) => void;
}

/** A picture beside the product that it may show. */
export const TableRow = memo(function TableRow(props: TableRowProps) {
  const { loaded, number, index, y, current, selected, onTick, onPoint, onOpen } = props;
  const row = useRow(loaded, number);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys of its rows
    <div
      role="row"
      id={tableRowId(number)}
      aria-rowindex={index + 2}
      aria-selected={selected}
      tabIndex={current ? 0 : -1}
      className={`table-row ${current ? 'is-current' : ''} ${selected ? 'is-selected' : ''}`}
      style={{ transform: `translateY(${y}px)` }}
      onClick={() => onPoint(number)}
      onDoubleClick={() => onOpen(number)}
    >
      <span role="gridcell" className="table-tick">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={row ? `Select ${rowName(row)}` : `Select row ${number}`}
          checked={selected}
          onChange={() => {}}
          onClick={(event) => {
            event.stopPropagation();
            onTick(number, event.shiftKey);
          }}
        />
      </span>
      <span role="gridcell">
        <RowThumbnail loaded={loaded} number={number} />
      </span>
      {row ? <Cells row={row} /> : <span role="gridcell" className="table-loading" aria-label="Loading" />}
    </div>
  );
});
