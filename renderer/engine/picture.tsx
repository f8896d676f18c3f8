import type { SyntheticEvent } from 'react';
import { useThumbnail } from './thumbnails.ts';
import './picture.css';

interface PictureProps {
  /** Id of the thumbnail. */
  id: string;
  alt?: string;
  /** Fill the frame when that crops little: narrow gaps beside a picture look like a mistake. */
  fill?: boolean;
}

/** Ratios of width to height. In a 4:5 frame, pictures within this range lose an eighth at most. */
const NEARLY_4_BY_5 = { least: 0.7, most: 0.9 };

function fillWhenClose({ currentTarget: image }: SyntheticEvent<HTMLImageElement>): void {
  const shape = image.naturalWidth / image.naturalHeight;
  const close = shape >= NEARLY_4_BY_5.least && shape <= NEARLY_4_BY_5.most;
  image.style.objectFit = close ? 'cover' : 'contain';
}

/** A product's picture in its frame; an empty frame until the picture is loaded. */
export function Picture({ id, alt = '', fill = false }: PictureProps) {
  const url = useThumbnail(id);
  return (
    <span className="picture">
      {url && (
        <img
          key={id}
          src={url}
          alt={alt}
          decoding="sync"
          draggable={false}
          {...(fill && { onLoad: fillWhenClose })}
        />
      )}
    </span>
  );
}
