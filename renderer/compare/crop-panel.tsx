import { useEffect, useRef, useState } from 'react';
import { useOnDemand } from '../engine/on-demand.ts';
import { CropPhoto } from '../ui/crop-photo.tsx';
import { useSize } from '../ui/use-size.ts';
import type { LoadedRows } from './loaded-rows.ts';
import { cropInFocus, setCropping } from './review.ts';
import { rowName } from './row-words.ts';
import { useRow } from './use-row.ts';
import './crop-panel.css';

/** Chooses the part of a row's picture that is compared, in the place of the picture. Its keys move the box alone. */
export function CropPanel({ loaded, number }: { loaded: LoadedRows; number: number }) {
  const row = useRow(loaded, number);
  const url = useOnDemand(loaded.large, number);
  const frame = useRef<HTMLDivElement>(null);
  const { height } = useSize(frame);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus({ preventScroll: true }), []);
  const [looking, setLooking] = useState(false);
  const find = async () => {
    setLooking(true);
    await cropInFocus('auto');
    setLooking(false);
  };
  return (
    <section
      ref={panel}
      tabIndex={-1}
      className="crop-panel"
      aria-label="Part of the picture to compare"
      data-own-keys
    >
      <div ref={frame} className="crop-frame" style={{ ['--photo-height' as string]: `${height}px` }}>
        {row && url && height > 0 && (
          <CropPhoto
            url={url}
            name={rowName(row)}
            crop={row.crop}
            proposed={false}
            onCrop={(crop) => void cropInFocus(crop)}
          />
        )}
      </div>
      <div className="crop-actions">
        <span className="label">Draw a box around the product.</span>
        <button type="button" className="button" disabled={looking} onClick={() => void find()}>
          {looking ? 'Looking…' : 'Find the product'}
        </button>
        <button type="button" className="button" disabled={!row?.crop} onClick={() => void cropInFocus(null)}>
          Whole picture
        </button>
        <button type="button" className="button primary" onClick={() => setCropping(false)}>
          Done
        </button>
      </div>
    </section>
  );
}
