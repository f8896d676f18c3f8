import { useRef, useState } from 'react';
import ReactCrop, { type PercentCrop } from 'react-image-crop';
import type { CropBox } from '../../electron/contract/search.ts';
import 'react-image-crop/dist/ReactCrop.css';
import './crop-photo.css';

/** A box thinner than this share of the photo, in percent, was drawn by accident, and clears the crop. */
const THINNEST_PERCENT = 2;

const PROPOSED_LABEL = 'Proposed crop box. Arrow keys move it.';
const LABELS = {
  cropArea: 'Crop box. Arrow keys move it.',
  nwDragHandle: 'Top left corner of the crop box',
  nDragHandle: 'Top edge of the crop box',
  neDragHandle: 'Top right corner of the crop box',
  eDragHandle: 'Right edge of the crop box',
  seDragHandle: 'Bottom right corner of the crop box',
  sDragHandle: 'Bottom edge of the crop box',
  swDragHandle: 'Bottom left corner of the crop box',
  wDragHandle: 'Left edge of the crop box',
};

function toPercent(crop: CropBox): PercentCrop {
  const { x, y, width, height } = crop;
  return { unit: '%', x: x * 100, y: y * 100, width: width * 100, height: height * 100 };
}

function toBox(percent: PercentCrop): CropBox | null {
  if (percent.width < THINNEST_PERCENT || percent.height < THINNEST_PERCENT) return null;
  const x = Math.min(Math.max(percent.x / 100, 0), 1);
  const y = Math.min(Math.max(percent.y / 100, 0), 1);
  // Rounding must not push the right and bottom edges out of the picture.
  return { x, y, width: Math.min(percent.width / 100, 1 - x), height: Math.min(percent.height / 100, 1 - y) };
}

interface CropPhotoProps {
  url: string;
  name: string;
  crop: CropBox | null;
  /** Whether the engine proposed the box. */
  proposed: boolean;
  /** Called when the mouse or the key is released, not during the move. */
  onCrop: (crop: CropBox | null) => void;
}

/** The photo with a crop box that is proposed, drawn, dragged, or moved with the arrow keys. */
export function CropPhoto({ url, name, crop, proposed, onCrop }: CropPhotoProps) {
  const [draft, setDraft] = useState<PercentCrop | null>(null);
  // The release can come before React has drawn the last move.
  const latest = useRef<PercentCrop | null>(null);
  // The first change makes it the person's own crop.
  const isProposal = proposed && !draft;
  const shown = draft ?? (crop && toPercent(crop));

  const change = (percent: PercentCrop | null) => {
    latest.current = percent;
    setDraft(percent);
  };
  const release = () => {
    const released = latest.current;
    if (!released) return;
    change(null);
    onCrop(toBox(released));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: listens for its handles' keys
    <div className={`crop-photo ${isProposal ? 'is-proposed' : ''}`} onKeyUp={release}>
      <ReactCrop
        {...(shown && { crop: shown })}
        {...(isProposal && { renderSelectionAddon: () => <span className="crop-proposed">Proposed</span> })}
        ariaLabels={isProposal ? { ...LABELS, cropArea: PROPOSED_LABEL } : LABELS}
        onChange={(_, percent) => change(percent)}
        onDragEnd={release}
      >
        <img src={url} alt={name} draggable={false} />
      </ReactCrop>
    </div>
  );
}
