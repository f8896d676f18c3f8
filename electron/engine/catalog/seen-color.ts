const MARK = ' (by picture)';

/** A colour as it stands in a product's field when it was seen in its picture and not said by its feed. */
export function seenColor(name: string): string {
  return `${name}${MARK}`;
}

/** The colour alone, whether it was said or seen. */
export function colorAlone(color: string): string {
  return color.endsWith(MARK) ? color.slice(0, -MARK.length) : color;
}

/** Whether a folded word is one of the mark's, as English stems are compared: every seen colour has it. */
export function isMarkWord(word: string): boolean {
  return /^(by|pictur(e|es|ed|ing)?)$/.test(word);
}

/** What the feed said: null for a colour that was only seen. */
export function statedColor(color: string | null): string | null {
  return color?.endsWith(MARK) ? null : color;
}
