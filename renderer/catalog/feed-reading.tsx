import { useId } from 'react';
import { type FeedFormat, feedFormat } from '../../electron/contract/publishing.ts';
import { formatCounted, formatPrice } from '../ui/format.ts';
import { ErrorNote } from '../ui/note.tsx';
import { CharsetChoice } from './charset-choice.tsx';
import { FeedMappingFields } from './feed-mapping.tsx';
import { FORMAT_NAMES } from './feed-words.ts';
import { ProblemList } from './problem-list.tsx';
import type { Draft } from './source-draft.ts';
import type { Inspection } from './use-inspection.ts';
import './feed-reading.css';

interface FeedReadingProps {
  draft: Draft;
  inspection: Inspection;
  onChange: (part: Partial<Draft>) => void;
  onRead: () => void;
}

const FORMATS = feedFormat.options.filter((format) => format !== 'folder');

function FormatChoice({ draft, inspection, onChange }: Omit<FeedReadingProps, 'onRead'>) {
  const id = useId();
  const recognised = inspection.found ? FORMAT_NAMES[inspection.found.format] : null;
  const byItself = recognised && draft.format === null ? `Recognised: ${recognised}` : 'Recognise it';
  return (
    <div className="editor-row">
      <label htmlFor={id}>Format</label>
      <select
        id={id}
        className="text-input"
        value={draft.format ?? ''}
        onChange={({ target }) => {
          const format: FeedFormat | null = FORMATS.find((each) => each === target.value) ?? null;
          onChange({ format, mapping: null });
        }}
      >
        <option value="">{byItself}</option>
        {FORMATS.map((format) => (
          <option key={format} value={format}>
            {FORMAT_NAMES[format]}
          </option>
        ))}
      </select>
    </div>
  );
}

/**
 * The encoding of a feed whose text cannot be read, or whose encoding was guessed. A table's encoding is shown with its
 * columns.
 */
function Charset({ draft, inspection: { found, error }, onChange }: Omit<FeedReadingProps, 'onRead'>) {
  const id = useId();
  const guessed = found?.problems.some(({ code }) => code === 'FEED_CHARSET_GUESSED') ?? false;
  const doubtful = error?.code === 'FEED_INVALID' || guessed || draft.charset !== null;
  if (!doubtful || found?.mapping?.format === 'csv') return null;
  return (
    <div className="editor-row">
      <label htmlFor={id}>Text encoding</label>
      <CharsetChoice
        id={id}
        className="text-input"
        value={draft.charset}
        byItself="As the feed says"
        onChange={(charset) => onChange({ charset })}
      />
    </div>
  );
}

/** The base URL of pictures that the feed names only by paths. */
function ImageBase({ draft, inspection: { found }, onChange }: Omit<FeedReadingProps, 'onRead'>) {
  const id = useId();
  const missing = found?.problems.some(({ code }) => code === 'IMAGE_BASE_MISSING') ?? false;
  if (!missing && draft.imageBase === '') return null;
  return (
    <div className="editor-row">
      <label htmlFor={id}>Pictures are at</label>
      <input
        id={id}
        className="text-input"
        type="url"
        maxLength={2000}
        placeholder="https://your-shop/media/catalog/product"
        value={draft.imageBase}
        onChange={({ target }) => onChange({ imageBase: target.value })}
      />
    </div>
  );
}

function Samples({ samples }: { samples: NonNullable<Inspection['found']>['samples'] }) {
  if (samples.length === 0) return <p className="label">No product could be read like this.</p>;
  return (
    <div className="samples">
      <table>
        <thead>
          <tr className="label">
            <th scope="col">SKU</th>
            <th scope="col">Title</th>
            <th scope="col">Price</th>
            <th scope="col">Category</th>
            <th scope="col">Brand</th>
            <th scope="col">Colour</th>
            <th scope="col">Availability</th>
          </tr>
        </thead>
        <tbody className="selectable">
          {samples.map((product) => (
            <tr key={product.productId}>
              <td className="numbers">{product.sku}</td>
              <td dir="auto" title={product.title}>
                {product.title}
              </td>
              <td className="numbers">
                {product.price === null ? '–' : formatPrice(product.price, product.currency)}
              </td>
              <td dir="auto">{product.category ?? '–'}</td>
              <td dir="auto">{product.brand ?? '–'}</td>
              <td dir="auto">{product.color ?? '–'}</td>
              <td>{product.availability ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The result of inspecting the feed, with its first products, and controls to correct it. */
export function FeedReading({ draft, inspection, onChange, onRead }: FeedReadingProps) {
  const { found, error, reading } = inspection;
  if (!found && !error && !reading) return null;
  const mapping = draft.mapping ?? found?.mapping ?? null;
  return (
    <section className="editor-section" aria-label="How it is read" aria-busy={reading}>
      {draft.place !== 'folder' && <FormatChoice draft={draft} inspection={inspection} onChange={onChange} />}
      {draft.place !== 'folder' && <Charset draft={draft} inspection={inspection} onChange={onChange} />}
      {draft.place !== 'folder' && <ImageBase draft={draft} inspection={inspection} onChange={onChange} />}
      {reading && !found && <p className="label">Reading the beginning of the feed…</p>}
      {error && (
        <ErrorNote error={error}>
          <button type="button" className="button" onClick={onRead}>
            Read it again
          </button>
        </ErrorNote>
      )}
      {mapping && (
        <FeedMappingFields
          mapping={mapping}
          columns={found?.columns ?? []}
          onChange={(changed) => onChange({ mapping: changed })}
        />
      )}
      {found && (
        <div className={reading ? 'is-stale' : ''}>
          <h3 className="samples-head">
            {found.samples.length > 0
              ? `The first ${formatCounted(found.samples.length, 'product')}, as they would be imported`
              : 'As it would be imported'}
          </h3>
          <Samples samples={found.samples} />
          <ProblemList problems={found.problems} title="Broken so far" name={draft.name || 'Feed'} />
        </div>
      )}
    </section>
  );
}
