// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be drawn in part
// biome-ignore-all lint/a11y/useFocusableInteractive: in a grid, one card at a time has the keyboard
import { type UIEvent, useMemo, useRef } from 'react';
import type { OtherStyle } from '../../electron/contract/catalog.ts';
import type { Result, SearchResponse } from '../../electron/contract/search.ts';
import { BandEdge } from './band-edge.tsx';
import { bandNames, standsOut } from './band-names.ts';
import { Card, cardId } from './card.tsx';
import { CardMenu } from './card-menu.tsx';
import { bandStarts, CARD_GAP, placeOf, ROW_HEAD, rowRange } from './grid-layout.ts';
import { focusResults, focusStyle, loadMore, openStyle, setDetailsOpen, useMatch } from './match.ts';
import { pickedSize } from './style.ts';
import { GRID_PADDING, useGrid } from './use-grid.ts';
import { besideLimits, priceLimits } from './words.ts';
import './results-grid.css';

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

/** For screen readers, a row's list of cards: the cards themselves are drawn separately. */
function Row({ index, results }: { index: number; results: readonly Result[] }) {
  const owned = results.map(({ styleId }) => cardId(styleId));
  return <div role="row" aria-rowindex={index + 1} aria-owns={owned.join(' ')} />;
}

interface ResultsGridProps {
  answer: SearchResponse;
  /** Another answer is being loaded. */
  busy: boolean;
  /** It has been loading long enough to show that. */
  dimmed: boolean;
}

/**
 * Ranked products, best first. Only the visible ones are drawn. Arrow keys move, Enter copies, Space opens.
 */
export function ResultsGrid({ answer, busy, dimmed }: ResultsGridProps) {
  const { results, understood } = answer;
  const kind = useMatch((state) => state.query?.kind);
  const picked = useMatch((state) => state.pickedSize);
  const filters = useMatch((state) => state.filters);
  const scroller = useRef<HTMLDivElement>(null);
  const { layout, focused, lines, height, onKeyDown } = useGrid(
    answer,
    standsOut(results[0], kind),
    scroller,
  );
  const { columns, cardWidth, rowHeight } = layout;
  const names = bandNames(kind);
  const starts = useMemo(() => bandStarts(results.map(({ band }) => band)), [results]);

  const limits = understood.outOfPrice > 0 ? priceLimits(understood.parts) : null;
  const xOf = (column: number) => GRID_PADDING + column * (cardWidth + CARD_GAP);
  const cards = lines.flatMap(({ index: row, start: y }) => {
    const { start, end } = rowRange(layout, row);
    return results.slice(start, end).map((result, i) => {
      const index = start + i;
      return { result, index, y, ...placeOf(layout, index) };
    });
  });
  // A band's line ends where the next one begins in its row.
  const edges = cards
    .filter(({ index }) => starts.has(index))
    .map((card, i, all) => {
      const next = all[i + 1];
      return { ...card, end: next?.row === card.row ? next.column : columns };
    });
  // Drawn in an order that does not depend on rank: when the ranking changes, a card moves on screen but its element stays,
  // so it keeps its picture and the focus. Rows refer to their cards by id, which gives screen readers the ranked order.
  cards.sort((a, b) => (a.result.styleId < b.result.styleId ? -1 : 1));

  return (
    <CardMenu>
      <div ref={scroller} className={`grid-scroller ${dimmed ? 'is-dimmed' : ''}`} onScroll={onScroll}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: hears the keys of the cards */}
        <div className="grid" style={{ height }} onKeyDown={onKeyDown}>
          <div
            role="grid"
            aria-label="Results"
            aria-rowcount={layout.rows}
            aria-colcount={columns}
            aria-busy={busy}
          >
            {lines.map(({ index }) => {
              const { start, end } = rowRange(layout, index);
              // Beside a large card alone, the second row has no card of its own.
              return start < end && <Row key={index} index={index} results={results.slice(start, end)} />;
            })}
          </div>
          {edges.map(({ result: { band }, index, column, end, y }) => (
            <BandEdge
              key={band}
              name={index === 0 && band === 'other' ? 'Nearest' : names[band]}
              x={xOf(column)}
              y={index === 0 ? 0 : y}
              width={(end - column) * (cardWidth + CARD_GAP) - CARD_GAP}
              height={rowHeight * (layout.large && index === 1 ? 2 : 1)}
              first={index === 0}
              within={column > 0}
            />
          ))}
          {cards.map(({ result, index, column, y, span }) => (
            <Card
              key={result.styleId}
              result={result}
              band={names[result.band]}
              outOfPrice={limits && besideLimits(result.price, limits)}
              large={span > 1}
              focused={index === focused}
              picked={pickedSize(result, index === focused ? picked : null, filters)}
              column={column}
              x={xOf(column)}
              y={y + ROW_HEAD}
              width={span * (cardWidth + CARD_GAP) - CARD_GAP}
              onOpen={open}
              onOpenColor={openColor}
            />
          ))}
        </div>
      </div>
    </CardMenu>
  );
}
