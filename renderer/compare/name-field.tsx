import { useState } from 'react';
import './name-field.css';

interface NameFieldProps {
  label: string;
  value: string;
  placeholder?: string;
  className: string;
  /** Id of a list of suggestions. */
  list?: string;
  onSave: (value: string) => void;
}

/** Text that becomes a field when it is pointed at. Enter or leaving it saves, Esc takes the change back. */
export function NameField({ label, value, placeholder, className, list, onSave }: NameFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <input
      className={`name-field ${className}`}
      aria-label={label}
      title={label}
      placeholder={placeholder}
      maxLength={200}
      dir="auto"
      spellCheck={false}
      list={list}
      value={draft ?? value}
      onChange={({ target }) => setDraft(target.value)}
      onBlur={() => {
        if (draft !== null && draft.trim() !== value) onSave(draft.trim());
        setDraft(null);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setDraft(null);
        // The draft is given up before the field is left, which would save it.
        if (event.key === 'Enter' || event.key === 'Escape') {
          const { currentTarget } = event;
          setTimeout(() => currentTarget.blur());
          event.preventDefault();
        }
      }}
    />
  );
}
