// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be drawn in part
// biome-ignore-all lint/a11y/useFocusableInteractive: in a grid, one card at a time has the keyboard
import { type UIEvent, useRef } from 'react';
import type { OtherStyle } from '../../electron/contract/catalog.ts';
import type { Band, Result, SearchResponse } from '../../electron/contract/search.ts';
import { formatCount } from '../ui/format.ts';
import { Card, cardId } from './card.tsx';
import { CARD_GAP, type GridRow } from './grid-layout.ts';
import { focusResults, focusStyle, loadMore, openStyle, setDetailsOpen, useMatch } from './match.ts';
import { pickedSize } from './style.ts';
import { GRID_PADDING, useGrid } from './use-grid.ts';
import './results-grid.css';

type BandNames = Record<Band, string>;

const PICTURE_BANDS: BandNames = {
  same: 'Looks the same',
  close: 'Very close',
  similar: 'Similar',
  other: 'Less alike',
};

const WORDS_BANDS: BandNames = {
  same: 'Exactly this',
  close: 'Fits well',
  similar: 'Fits in part',
  other: 'Fits less',
};

/** More results are loaded this many screens before the end. */
const AHEAD = 3;

function open(styleId: string): void {
  focusStyle(styleId);
  setDetailsOpen(true);
}

/**
 * Opens another colour from its swatch. If its card is among the results, the card gets the focus and is scrolled into view.
 */
function openColor(other: OtherStyle): void {
  openStyle(other);
  focusResults();
}

function onScroll({ currentTarget: { scrollTop, clientHeight, scrollHeight } }: UIEvent): void {
  if (scrollTop + clientHeight * AHEAD > scrollHeight) loadMore();
}

/** A band's divider, or, for screen readers, a row's list of cards: the cards themselves are drawn separately. */
function Row({
  row,
  index,
  y,
  results,
  names,
}: {
  row: GridRow;
  index: number;
  y: number;
  results: readonly Result[];
  names: BandNames;
}) {
  if (row.kind === 'cards') {
    const owned = results.slice(row.start, row.end).map(({ styleId }) => cardId(styleId));
    return <div role="row" aria-rowindex={index + 1} aria-owns={owned.join(' ')} />;
  }
  return (
    <div role="row" aria-rowindex={index + 1} className="band" style={{ transform: `translateY(${y}px)` }}>
      <span role="rowheader" className="band-head">
        <span className="band-name">{index === 0 && row.band === 'other' ? 'Nearest' : names[row.band]}</span>
        <span className="band-count numbers">
          {formatCount(row.count)}
          {row.more && '+'}
        </span>
      </span>
    </div>
  );
}

interface ResultsGridProps {
  answer: SearchResponse;
  /** Another answer is being loaded. */
  busy: boolean;
  /** It has been loading long enough to show that. */
  dimmed: boolean;
}

/** Ranked products in bands. Only the visible ones are drawn. Arrow keys move, Enter copies, Space opens. */
export function ResultsGrid({ answer, busy, dimmed }: ResultsGridProps) {
  const { results } = answer;
  const names = useMatch((state) => (state.query?.kind === 'words' ? WORDS_BANDS : PICTURE_BANDS));
  const picked = useMatch((state) => state.pickedSize);
  const filters = useMatch((state) => state.filters);
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, columns, cardWidth, focused, lines, height, onKeyDown } = useGrid(answer, scroller);

  const cards = lines.flatMap(({ index, start: y }) => {
    const row = rows[index];
    if (row?.kind !== 'cards') return [];
    return results.slice(row.start, row.end).map((result, column) => ({ result, column, y }));
  });
  // Drawn in an order that does not depend on rank: when the ranking changes, a card moves on screen but its element stays,
  // so it keeps its picture and the focus. Rows refer to their cards by id, which gives screen readers the ranked order.
  cards.sort((a, b) => (a.result.styleId < b.result.styleId ? -1 : 1));

  return (
    <div ref={scroller} className={`grid-scroller ${dimmed ? 'is-dimmed' : ''}`} onScroll={onScroll}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: hears the keys of the cards */}
      <div className="grid" style={{ height }} onKeyDown={onKeyDown}>
        <div
          role="grid"
          aria-label="Results"
          aria-rowcount={rows.length}
          aria-colcount={columns}
          aria-busy={busy}
        >
          {lines.map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            const key = row.kind === 'band' ? row.band : index;
            return <Row key={key} row={row} index={index} y={start} results={results} names={names} />;
          })}
        </div>
        {cards.map(({ result, column, y }) => (
          <Card
            key={result.styleId}
            result={result}
            focused={results[focused] === result}
            picked={pickedSize(result, results[focused] === result ? picked : null, filters)}
            column={column}
            x={GRID_PADDING + column * (cardWidth + CARD_GAP)}
            y={y}
            width={cardWidth}
            onOpen={open}
            onOpenColor={openColor}
          />
        ))}
      </div>
    </div>
  );
}
