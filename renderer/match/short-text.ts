/** Number of lines that a text takes when it is wrapped between words; a longer word is broken. */
function linesOf(text: string, width: number, widthOf: (text: string) => number): number {
  const space = widthOf(' ');
  let lines = 1;
  let used = 0;
  for (const word of text.split(' ')) {
    const wide = widthOf(word);
    if (used > 0 && used + space + wide > width) {
      lines += 1;
      used = 0;
    }
    const broken = Math.max(0, Math.ceil(wide / width) - 1);
    lines += broken;
    used += (used > 0 ? space : 0) + wide - broken * width;
  }
  return lines;
}

/** A text as it is drawn, and how many lines it takes. */
interface ShortText {
  text: string;
  lines: number;
}

/**
 * A text that fits in so many lines. A longer one is cut in the middle, because the titles and colours of one design differ
 * at the end: in a colour, a length, a pack size.
 * @param widthOf width of a text without a line break, in the unit of `width`
 */
export function shortText(
  whole: string,
  width: number,
  most: number,
  widthOf: (text: string) => number,
): ShortText {
  const all = linesOf(whole, width, widthOf);
  if (all <= most) return { text: whole, lines: all };
  const words = whole.split(' ');
  // A few long words, and languages without spaces, are cut between characters.
  const isSpaced = words.length > 3;
  const parts = isSpaced ? words : [...whole];
  const glue = isSpaced ? ' ' : '';
  for (let kept = parts.length - 1; kept > 1; kept--) {
    const end = Math.ceil(kept / 2);
    const head = parts.slice(0, kept - end).join(glue);
    const tail = parts.slice(-end).join(glue);
    const text = `${head}${glue}…${glue}${tail}`;
    const lines = linesOf(text, width, widthOf);
    if (lines <= most) return { text, lines };
  }
  return { text: whole, lines: most };
}

let canvas: OffscreenCanvasRenderingContext2D | null = null;

/** @returns measures texts in a font, given as in CSS */
export function measuredIn(font: string): (text: string) => number {
  canvas ??= new OffscreenCanvas(1, 1).getContext('2d');
  return (text) => {
    if (!canvas) return 0;
    canvas.font = font;
    return canvas.measureText(text).width;
  };
}
