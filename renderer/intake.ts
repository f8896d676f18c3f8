import { useEffect, useState } from 'react';
import { isCatalogFile, isPack, sourceName } from './catalog/feed-words.ts';
import { useConnection } from './store/connection.ts';
import { installFrom } from './store/models.ts';
import { matchPhoto } from './store/queries.ts';
import { type Feed, offerPack, planFeed, syncFeed } from './store/sync.ts';
import { toast } from './store/toast.ts';
import { show, useView } from './store/view.ts';

/** A first catalog is imported at once; after that, what it would change comes first. */
function takeCatalog(path: string): void {
  if (path === '') {
    toast('A catalog has to be a file on this machine: save it first');
    return;
  }
  const source = { kind: 'file', path } as const;
  const feed: Feed = { name: sourceName(source), request: { source } };
  if (!useConnection.getState().status?.snapshot) void syncFeed(feed);
  else {
    show('catalog');
    if (isPack(source)) offerPack(feed);
    else void planFeed(feed);
  }
}

/** A model's file anywhere; on the Models screen whatever is neither a picture nor a feed, such as a folder. */
function isModel({ name, type }: File): boolean {
  if (/\.onnx$/i.test(name)) return true;
  if (useView.getState().view !== 'models' || type.startsWith('image/')) return false;
  return name === 'model.json' || !isCatalogFile(name);
}

function takeModel(file: File, files: readonly File[]): void {
  if (files.length > 1) {
    toast('Drop the folder that holds these files');
    return;
  }
  const path = window.lookalike.pathForFile(file);
  if (path === '') {
    toast('A model has to be a file or folder on this machine: save it first');
    return;
  }
  show('models');
  void installFrom(path);
}

/**
 * A dropped, pasted or picked file: a model is installed, a catalog checked or imported, anything
 * else matched as a photo.
 */
export function take(files: readonly File[]): void {
  const [file] = files;
  if (!file) return;
  if (isModel(file)) {
    takeModel(file, files);
    return;
  }
  if (isCatalogFile(file.name)) {
    takeCatalog(window.lookalike.pathForFile(file));
    return;
  }
  if (files.length > 1) toast('One photo at a time: the first was taken');
  void matchPhoto(file, file.name || 'Pasted picture');
}

const CATALOG_TYPE = /json|csv|xml|gzip|tab-separated/;

/** What letting go would do. While dragging, a page is told types but no names, and few feeds have a type. */
function dropWords(items: DataTransferItemList): string {
  const types = Array.from(items, ({ type }) => type);
  if (types.some((type) => type.startsWith('image/'))) return 'Match this photo';
  if (useView.getState().view === 'models') return 'Install this model';
  if (types.some((type) => CATALOG_TYPE.test(type))) return 'Import this catalog';
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
  if (target instanceof HTMLSelectElement) return true;
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
