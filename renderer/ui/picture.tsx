import { useThumbnail } from '../store/thumbnails.ts';
import './picture.css';

/** A product's picture by thumbnail id, whole, on its mount; an empty mount until it is there. */
export function Picture({ id, alt = '' }: { id: string; alt?: string }) {
  const url = useThumbnail(id);
  return (
    <span className="picture">{url && <img src={url} alt={alt} decoding="sync" draggable={false} />}</span>
  );
}
