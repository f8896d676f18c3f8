import { useEffect, useState } from 'react';
import { startImport } from './store/import.ts';
import { matchPhoto } from './store/match.ts';
import { toast } from './store/toast.ts';
import { show } from './store/view.ts';

const CATALOG_NAME = /\.(json|ndjson|jsonl)$/i;

/** A dropped, pasted or picked file: a feed is imported, anything else is matched as a photo. */
export function take(files: readonly File[]): void {
  const [file] = files;
  if (!file) return;
  if (CATALOG_NAME.test(file.name)) {
    show('catalog');
    void startImport({ kind: 'file', path: window.lookalike.pathForFile(file) });
    return;
  }
  if (files.length > 1) toast('One photo at a time: the first was taken');
  void matchPhoto(file, file.name || 'Pasted picture');
}

/** What letting go would do. While dragging, a page is told types but no names, and few feeds have a type. */
function dropWords(items: DataTransferItemList): string {
  const types = Array.from(items, ({ type }) => type);
  if (types.some((type) => type.startsWith('image/'))) return 'Match this photo';
  if (types.some((type) => type.includes('json'))) return 'Import this catalog';
  return 'Match this photo, or import this catalog';
}

function onPaste(event: ClipboardEvent): void {
  const files = Array.from(event.clipboardData?.files ?? []);
  if (files.length > 0) {
    event.preventDefault();
    take(files);
  } else if (!isTyping(event.target)) {
    toast('There is no picture on the clipboard. Copy the picture itself, not its address.');
  }
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'radio';
}

/** Makes the whole window take drops and pastes. Returns the words to show while something is dragged over it. */
export function useIntake(): string | null {
  const [words, setWords] = useState<string | null>(null);
  useEffect(() => {
    const onDragOver = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setWords(dropWords(event.dataTransfer.items));
    };
    const onDragLeave = (event: DragEvent) => {
      // Leaving one element for another has a related target; leaving the window has none.
      if (!event.relatedTarget) setWords(null);
    };
    const onDrop = (event: DragEvent) => {
      event.preventDefault();
      setWords(null);
      take(Array.from(event.dataTransfer?.files ?? []));
    };
    const listening = new AbortController();
    const { signal } = listening;
    document.addEventListener('dragover', onDragOver, { signal });
    document.addEventListener('dragleave', onDragLeave, { signal });
    document.addEventListener('drop', onDrop, { signal });
    document.addEventListener('paste', onPaste, { signal });
    return () => listening.abort();
  }, []);
  return words;
}
