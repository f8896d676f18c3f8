import { Parser } from 'htmlparser2';

const INLINE =
  'a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark meta q s samp small span strike strong sub sup time u var wbr';
const BLOCK =
  'address article aside blockquote body br center dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 head header hr html iframe img li main nav ol p picture pre section source table tbody td tfoot th thead tr ul video';
const inline = new Set(INLINE.split(' '));
const block = new Set(BLOCK.split(' '));
const unread = new Set(['script', 'style', 'template']);

/**
 * The text that a browser would show of a text that may be HTML: entities are decoded, tags removed, and white space becomes
 * one space. What only looks like a tag ("Size <M>", "a < b") stays as text.
 */
export function plainText(html: string): string {
  return (/[<&]/.test(html) ? textOf(html) : html).replaceAll(/\s+/g, ' ').trim();
}

function textOf(html: string): string {
  let text = '';
  let unreadDepth = 0;
  let read = 0;
  const tag = (name: string, closes: boolean) => {
    if (unread.has(name)) unreadDepth = Math.max(0, unreadDepth + (closes ? -1 : 1));
    else if (block.has(name)) text += ' ';
    else if (!inline.has(name)) text += html.slice(parser.startIndex, parser.endIndex + 1);
    read = parser.endIndex + 1;
  };
  const parser = new Parser({
    onopentagname: () => {},
    onopentag: (name) => tag(name, false),
    onclosetag: (name, implied) => {
      if (!implied) tag(name, true);
      else if (unread.has(name)) unreadDepth--;
    },
    ontext: (part) => {
      if (unreadDepth === 0) text += part;
      read = parser.endIndex + 1;
    },
    oncomment: () => {
      read = parser.endIndex + 1;
    },
    onprocessinginstruction: () => {
      read = parser.endIndex + 1;
    },
  });
  parser.write(html);
  parser.end();
  // The parser drops an incomplete tag at the end of the text: "waist <hip".
  return text + html.slice(read);
}

/** The character of an HTML entity ("nbsp", "eacute"); undefined for an unknown name. */
export function namedCharacter(name: string): string | undefined {
  let text = '';
  const parser = new Parser({
    ontext: (part) => {
      text += part;
    },
  });
  parser.end(`&${name};`);
  return text.startsWith('&') ? undefined : text;
}
