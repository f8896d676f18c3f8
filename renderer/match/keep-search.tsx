import { Bookmark } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type FormEvent, useId, useState } from 'react';
import { toast } from '../page/toast.ts';
import { keepSearch, LONGEST_NAME, suggestedName } from './kept-searches.ts';
import './keep-search.css';

/** Keeps the search on screen under a name. */
export function KeepSearch() {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [failed, setFailed] = useState(false);
  const field = useId();
  const change = (next: boolean) => {
    if (next) setName(suggestedName());
    setFailed(false);
    setOpen(next);
  };
  const keep = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await keepSearch(name.trim());
    } catch (error) {
      console.warn('kept searches', error);
      setFailed(true);
      return;
    }
    setOpen(false);
    toast(`“${name.trim()}” is kept`);
  };
  return (
    <Popover.Root open={open} onOpenChange={change}>
      <Popover.Trigger className="icon-button" aria-label="Keep this search" title="Keep this search">
        <Bookmark aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="keep-search"
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Keep this search"
        >
          <form onSubmit={(event) => void keep(event)}>
            <label htmlFor={field}>Name of this search</label>
            <input
              id={field}
              className="text-input"
              value={name}
              maxLength={LONGEST_NAME}
              autoComplete="off"
              onChange={(event) => setName(event.target.value)}
              onFocus={(event) => event.target.select()}
            />
            {failed && (
              <p className="label" role="alert">
                There is no room to keep it on this machine.
              </p>
            )}
            <button type="submit" className="button primary" disabled={name.trim() === ''}>
              Keep
            </button>
          </form>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
