import { useEffect, useRef } from 'react';
import { useConnection } from '../engine/connection.ts';
import { ComparisonList } from './comparison-list.tsx';
import { compareFiles, comparePaths } from './comparisons.ts';
import { DocumentView } from './document-view.tsx';
import { useDocument } from './open-document.ts';
import './compare-screen.css';

/** Ways to bring pictures besides dropping and pasting them. */
export interface Choosing {
  folder: () => void;
  files: () => void;
}

/** Comparisons of piles of pictures with the catalog: the list of them, or the one that is open. */
export function CompareScreen() {
  const id = useDocument((state) => state.id);
  const hasCatalog = useConnection(({ status }) => (status?.snapshot?.products ?? 0) > 0);
  const picker = useRef<HTMLInputElement>(null);
  const choosing: Choosing = {
    folder: async () => {
      const folder = await window.lookalike.chooseFolder();
      if (folder !== null) await comparePaths([folder]);
    },
    files: () => picker.current?.click(),
  };
  const heading = useRef<HTMLDivElement>(null);
  const before = useRef(id);
  // The keyboard follows from the list into a document and back.
  useEffect(() => {
    if (before.current !== id) heading.current?.focus({ preventScroll: true });
    before.current = id;
  }, [id]);
  return (
    <div className="compare" ref={heading} tabIndex={-1}>
      {id === null ? (
        <ComparisonList choosing={choosing} hasCatalog={hasCatalog} />
      ) : (
        <DocumentView key={id} />
      )}
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        aria-label="Pictures to compare"
        accept="image/*,.heic,.heif,.tif,.tiff,.avif,.zip,.csv,.tsv"
        onChange={({ target }) => {
          void compareFiles(Array.from(target.files ?? []));
          target.value = '';
        }}
      />
    </div>
  );
}
