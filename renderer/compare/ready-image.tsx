import { useEffect, useRef } from 'react';

interface ReadyImageProps {
  url: string | undefined;
  alt: string;
  className?: string;
}

/** A picture that is decoded as soon as it is there, shown or not, so that showing it takes no decoding. */
export function ReadyImage({ url, alt, className }: ReadyImageProps) {
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    if (url === undefined) return;
    // A picture that cannot be decoded is shown as missing by the browser.
    image.current?.decode().catch(() => {});
  }, [url]);
  if (url === undefined) return null;
  return <img ref={image} src={url} alt={alt} className={className} decoding="sync" draggable={false} />;
}
