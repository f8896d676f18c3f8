import type { SyntheticEvent } from 'react';
import { useThumbnail } from './thumbnails.ts';
import './picture.css';

interface PictureProps {
  /** Of the thumbnail. */
  id: string;
  alt?: string;
  /** Fill the frame when that trims little: slits of mount beside a picture look like a mistake. */
  fill?: boolean;
}

/** Width by height; a 4:5 frame trims pictures within this range by an eighth at most. */
const NEARLY_4_BY_5 = { least: 0.7, most: 0.9 };

function fillWhenClose({ currentTarget: image }: SyntheticEvent<HTMLImageElement>): void {
  const shape = image.naturalWidth / image.naturalHeight;
  const close = shape >= NEARLY_4_BY_5.least && shape <= NEARLY_4_BY_5.most;
  image.style.objectFit = close ? 'cover' : 'contain';
}

/** A product's picture on its mount; an empty mount until it is there. */
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
