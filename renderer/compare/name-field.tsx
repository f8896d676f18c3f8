import { useRef, useState } from 'react';
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

/**
 * Text that becomes a field when it is pointed at. Enter or leaving it saves, Esc takes the change back. Both give the keyboard
 * back to where it was before the field was pointed at; a field that Tab has reached keeps it.
 */
export function NameField({ label, value, placeholder, className, list, onSave }: NameFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const before = useRef<Element | null>(null);
  const save = () => {
    if (draft !== null && draft.trim() !== value) onSave(draft.trim());
    setDraft(null);
  };
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
      onPointerDown={({ currentTarget }) => {
        if (document.activeElement !== currentTarget) before.current = document.activeElement;
      }}
      onBlur={() => {
        before.current = null;
        save();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        event.preventDefault();
        if (event.key === 'Enter') save();
        else setDraft(null);
        const { currentTarget } = event;
        const from = before.current;
        // Leaving the field saves its draft: not before this one is given up.
        if (from) setTimeout(() => (from === document.body ? currentTarget.blur() : focusOn(from)));
      }}
    />
  );
}

function focusOn(element: Element): void {
  if (element instanceof HTMLElement) element.focus();
}
