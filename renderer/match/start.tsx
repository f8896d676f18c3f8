import { Camera, FolderOpen, Smartphone } from 'lucide-react';
import type { ReactNode } from 'react';
import { LightTable } from '../ui/garments.tsx';
import { commandKey } from '../ui/keys.ts';
import { ErrorNote } from '../ui/note.tsx';
import { openCamera } from './camera.ts';
import { KeptSearches } from './kept-list.tsx';
import { useMatch } from './match.ts';
import { openPhone } from './phone.ts';
import { Recents } from './recent-list.tsx';
import './start.css';

interface StartProps {
  onBrowse: () => void;
  /** Messages before the first photo. */
  news: ReactNode;
}

/** Shown before there is a photo. */
export function Start({ onBrowse, news }: StartProps) {
  const search = useMatch((state) => state.search);
  return (
    <div className="start">
      <div className="start-drop">
        <LightTable />
        <div className="start-words">
          <h1>Drop a customer’s photo anywhere</h1>
          <p>
            or paste it with <kbd>{commandKey()}</kbd> <kbd>V</kbd>. The products that look most like it come
            up, best first.
          </p>
          <p>
            No photo? Press <kbd>{commandKey()}</kbd> <kbd>K</kbd> and describe it, or type a SKU.
          </p>
          <div className="start-ways">
            <button type="button" className="button primary" onClick={onBrowse}>
              <FolderOpen aria-hidden /> Browse…
            </button>
            <button type="button" className="button" onClick={openCamera}>
              <Camera aria-hidden /> Take a photo
            </button>
            <button type="button" className="button" onClick={() => void openPhone()}>
              <Smartphone aria-hidden /> From a phone
            </button>
          </div>
          {search.phase === 'failed' && <ErrorNote error={search.error} />}
          {news}
        </div>
      </div>
      <div className="start-before">
        <KeptSearches />
        <Recents />
      </div>
    </div>
  );
}
