import { X } from 'lucide-react';
import { useId, useState } from 'react';
import { type FeedMapping, type MappedField, mappedField } from '../../electron/contract/publishing.ts';
import { CharsetChoice } from './charset-choice.tsx';
import { FIELD_NAMES } from './feed-words.ts';
import './feed-mapping.css';

interface PlacesProps {
  field: MappedField;
  places: readonly string[];
  columns: readonly string[];
  /** Paths can be typed; columns can only be chosen. */
  typed: boolean;
  onChange: (places: string[]) => void;
}

/** The places of a field, in order, and an input to add one. */
function Places({ field, places, columns, typed, onChange }: PlacesProps) {
  const [text, setText] = useState('');
  const id = useId();
  const name = FIELD_NAMES[field];
  const free = columns.filter((column) => !places.includes(column));
  const add = (place: string) => {
    const plain = place.trim();
    if (plain !== '' && !places.includes(plain)) onChange([...places, plain]);
    setText('');
  };
  const words = places.length === 0 ? 'Not in the feed' : field === 'images' ? 'and also' : 'or else';
  return (
    <div className="mapping-places">
      {places.map((place) => (
        <button
          key={place}
          type="button"
          className="chip"
          aria-label={`${name}: not from ${place}`}
          title="Take away"
          onClick={() => onChange(places.filter((each) => each !== place))}
        >
          <bdi>{place}</bdi> <X aria-hidden />
        </button>
      ))}
      {typed ? (
        <>
          <input
            className="mapping-add"
            aria-label={`Add a path for ${name}`}
            placeholder={words}
            list={id}
            value={text}
            onChange={({ target }) => {
              // Choosing from the list gives the whole path at once; typing gives it letter by letter.
              if (free.includes(target.value)) add(target.value);
              else setText(target.value);
            }}
            onBlur={() => add(text)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              add(text);
            }}
          />
          <datalist id={id}>
            {free.map((column) => (
              <option key={column} value={column} />
            ))}
          </datalist>
        </>
      ) : (
        <select
          className="mapping-add"
          aria-label={`Add a column for ${name}`}
          value=""
          onChange={({ target }) => add(target.value)}
        >
          <option value="">{words}</option>
          {free.map((column) => (
            <option key={column} value={column}>
              {column}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

interface FeedMappingFieldsProps {
  mapping: FeedMapping;
  /** Columns of a table, or paths within an item. */
  columns: readonly string[];
  onChange: (mapping: FeedMapping) => void;
}

/** The field of each column or path: a proposal that can be corrected. */
export function FeedMappingFields({ mapping, columns, onChange }: FeedMappingFieldsProps) {
  const id = useId();
  const setPlaces = (field: MappedField, places: string[]) => {
    const { [field]: _before, ...others } = mapping.fields;
    onChange({ ...mapping, fields: places.length === 0 ? others : { ...others, [field]: places } });
  };
  return (
    <fieldset className="mapping">
      <legend>{mapping.format === 'csv' ? 'Columns' : 'Paths'}</legend>
      {mapping.format === 'csv' ? (
        <div className="mapping-row">
          <label htmlFor={id}>Text encoding</label>
          <CharsetChoice
            id={id}
            className="mapping-add"
            value={mapping.charset}
            byItself="Unicode"
            onChange={(charset) => onChange({ ...mapping, charset })}
          />
        </div>
      ) : (
        <div className="mapping-row">
          <label htmlFor={id}>The products</label>
          <input
            id={id}
            className="mapping-add"
            defaultValue={mapping.items}
            key={mapping.items}
            onBlur={({ target }) => {
              const items = target.value.trim();
              if (items !== '' && items !== mapping.items) onChange({ ...mapping, items });
            }}
          />
        </div>
      )}
      {mappedField.options.map((field) => (
        <div key={field} className="mapping-row">
          <span>{FIELD_NAMES[field]}</span>
          <Places
            field={field}
            places={mapping.fields[field] ?? []}
            columns={columns}
            typed={mapping.format === 'json-mapping'}
            onChange={(places) => setPlaces(field, places)}
          />
        </div>
      ))}
    </fieldset>
  );
}
