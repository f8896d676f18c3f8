import type { PrintedPicture } from '../../images/photo.ts';
import { html, type Markup, raw } from './markup.ts';

/** A picture of a report, or the place of one that is missing. */
export function pictureOf(picture: Pick<PrintedPicture, 'bytes'> | null, alt: string): Markup {
  if (!picture) return html`<span class="none">No picture</span>`;
  const data = Buffer.from(picture.bytes).toString('base64');
  return html`<img alt="${alt}" src="${raw(`data:image/jpeg;base64,${data}`)}">`;
}
