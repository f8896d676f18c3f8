import { CircleAlert, Clock, Hand } from 'lucide-react';
import { type CSSProperties, memo, useEffect, useRef } from 'react';
import type { ComparedProduct, ComparisonRow } from '../../electron/contract/compare.ts';
import { PICTURE_BANDS } from '../../electron/contract/match-names.ts';
import type { CropBox } from '../../electron/contract/search.ts';
import { useOnDemand } from '../engine/on-demand.ts';
import { useThumbnail } from '../engine/thumbnails.ts';
import { formatPrice } from '../ui/format.ts';
import { faultSentence } from '../ui/sentences.ts';
import { BandMark } from './band-mark.tsx';
import { choose, offeredFor, productOf, useReview } from './in-focus.ts';
import type { LoadedRows } from './loaded-rows.ts';
import { ReadyImage } from './ready-image.tsx';
import { RejectedList } from './rejected-list.tsx';
import { CHANGE_WORDS, positionInWords, rowFactsInWords, rowName, rowPlaces } from './row-words.ts';
import { useRow } from './use-row.ts';
import './focus-stage.css';

/** Where the compared part of a picture is. */
function CropOutline({ crop: { x, y, width, height } }: { crop: CropBox }) {
  const percent = (share: number) => `${share * 100}%`;
  const place = { left: percent(x), top: percent(y), width: percent(width), height: percent(height) };
  return <span className="stage-crop" style={place} aria-hidden />;
}

function ProductImage({ product, alt }: { product: ComparedProduct; alt: string }) {
  return <ReadyImage url={useThumbnail(product.thumbnail)} alt={alt} className="stage-whole" />;
}

/** Why a row has no picture to look at. */
function NoPicture({ row }: { row: ComparisonRow }) {
  const failed = row.status === 'failed';
  const sentence = row.fault ? faultSentence(row.fault) : 'This picture could not be read.';
  return (
    <div className="stage-none">
      {failed ? <CircleAlert aria-hidden className="is-loss" /> : <Clock aria-hidden />}
      <p>{failed ? sentence : 'This picture is not compared yet.'}</p>
    </div>
  );
}

function OwnPicture({
  loaded,
  row,
  product,
}: {
  loaded: LoadedRows;
  row: ComparisonRow;
  product: ComparedProduct | null;
}) {
  const url = useOnDemand(loaded.large, row.row);
  const ratio = row.width && row.height ? row.width / row.height : 0.8;
  const shape: CSSProperties = { aspectRatio: String(ratio), width: `min(100cqw, calc(100cqh * ${ratio}))` };
  return (
    <figure className="stage-figure">
      <div className="stage-frame" data-zoom-frame>
        {row.status === 'answered' ? (
          <div className="stage-zoomed">
            <span className="stage-fit" style={shape}>
              <ReadyImage url={url} alt={`The competitor’s picture: ${rowName(row)}`} />
              {row.crop && <CropOutline crop={row.crop} />}
            </span>
            {product && (
              <span className="stage-flip" aria-hidden>
                <ProductImage product={product} alt="" />
              </span>
            )}
          </div>
        ) : (
          <NoPicture row={row} />
        )}
      </div>
      <figcaption className="stage-caption" title={rowPlaces(row)}>
        <strong dir="auto">{rowName(row)}</strong>
        <span className="label numbers" dir="auto">
          {rowFactsInWords(row)}
        </span>
      </figcaption>
    </figure>
  );
}

function ProductFigure({ row, product }: { row: ComparisonRow; product: ComparedProduct | null }) {
  const band = row.candidates.find(({ uid }) => uid === product?.uid)?.band;
  const gone = row.changed === 'gone' && product !== null && product.uid === row.decision?.product?.uid;
  const facts = product && [
    product.price === null ? null : formatPrice(product.price, product.currency),
    positionInWords(row, product),
    product.color,
    product.sku,
    product.brand,
  ];
  return (
    <figure className="stage-figure">
      <div className="stage-frame" data-zoom-frame>
        {product ? (
          <div className="stage-zoomed">
            <ProductImage product={product} alt={`Our product: ${product.title}`} />
          </div>
        ) : (
          row.status === 'answered' && (
            <div className="stage-none">
              <p>{row.rejected ? 'No candidate is left.' : 'Nothing like it was found.'}</p>
            </div>
          )
        )}
      </div>
      <figcaption className="stage-caption">
        <strong dir="auto">{product?.title}</strong>
        <span className="label numbers" dir="auto">
          {gone && <strong className="stage-gone">No longer in the catalog</strong>}
          {band && <BandMark band={band} />}
          {facts?.filter((fact) => fact).join(' · ')}
        </span>
      </figcaption>
    </figure>
  );
}

interface CandidateProps {
  product: ComparedProduct;
  row: ComparisonRow;
  /** From 0. */
  at: number;
  chosen: boolean;
}

function Candidate({ product, row, at, chosen }: CandidateProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (chosen) button.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [chosen]);
  const band = row.candidates[at]?.band;
  const price = product.price === null ? null : formatPrice(product.price, product.currency);
  return (
    <li>
      <button
        ref={button}
        type="button"
        className="candidate"
        aria-pressed={chosen}
        title={product.title}
        onClick={() => choose(product)}
      >
        <span className="candidate-number" aria-hidden>
          {band === undefined ? <Hand /> : at < 9 && <kbd>{at + 1}</kbd>}
        </span>
        <span className="picture candidate-picture">
          <ReadyImage url={useThumbnail(product.thumbnail)} alt="" />
        </span>
        <span className="candidate-words">
          <span dir="auto">{product.title}</span>
          <span className="label numbers">{[product.sku, price].filter((part) => part).join(' · ')}</span>
          <span className="label">
            {band === undefined
              ? row.changed === 'gone'
                ? CHANGE_WORDS.gone
                : 'Found by hand'
              : PICTURE_BANDS[band]}
            {row.changed === 'better' && at === 0 && <strong className="candidate-new"> · new</strong>}
          </span>
        </span>
      </button>
    </li>
  );
}

interface PairProps {
  loaded: LoadedRows;
  row: ComparisonRow;
  chosen: ComparedProduct | null;
}

/** A row's picture, the chosen candidate beside it, and the other candidates. Drawn again only when one of these changes. */
const Pair = memo(function Pair({ loaded, row, chosen }: PairProps) {
  const product = productOf(row, chosen);
  return (
    <>
      <OwnPicture loaded={loaded} row={row} product={product} />
      <ProductFigure row={row} product={product} />
      <div className="candidates">
        <ol aria-label="Candidates">
          {offeredFor(row, chosen).map((each, at) => (
            <Candidate key={each.uid} product={each} row={row} at={at} chosen={each.uid === product?.uid} />
          ))}
        </ol>
        <RejectedList rejected={row.rejected ?? []} />
      </div>
    </>
  );
});

interface FocusStageProps {
  loaded: LoadedRows;
  number: number;
  /** It is shown. Otherwise it is made ready to be. */
  shown: boolean;
}

/** The place of a row's pair, which shows it or makes it ready. */
export const FocusStage = memo(function FocusStage({ loaded, number, shown }: FocusStageProps) {
  const row = useRow(loaded, number);
  // Requested beside the row and not after it.
  useOnDemand(loaded.large, number);
  const chosen = useReview((state) => (shown ? state.chosen : null));
  return (
    <div
      className={`stage ${shown ? 'is-shown' : ''}`}
      inert={!shown}
      data-row={number}
      data-ready={row !== undefined}
    >
      {row && <Pair loaded={loaded} row={row} chosen={chosen} />}
    </div>
  );
});
