const MARK = ' (by picture)';

/** A colour as it stands in a product's field when it was seen in its picture and not said by its feed. */
export function seenColor(name: string): string {
  return `${name}${MARK}`;
}

/** What the feed said: null for a colour that was only seen. */
export function statedColor(color: string | null): string | null {
  return color?.endsWith(MARK) ? null : color;
}
