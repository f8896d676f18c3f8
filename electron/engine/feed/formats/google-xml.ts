import { SaxesParser } from 'saxes';
import type { FaultParams } from '../../../contract/faults.ts';
import type { FeedPart, Fields, Format } from '../format.ts';
import { invalidFeed } from '../invalid-feed.ts';
import { namedCharacter } from '../plain-text.ts';
import { googleItem } from './google.ts';

/** No item is this long; a document without items must not be gathered in memory while they are looked for. */
const MOST_CHARACTERS_PER_ITEM = 16_000_000;
const ITEMS = ['item', 'entry'];

/** Google Merchant's product data as RSS 2.0, RSS 1.0 or Atom. */
export const googleXml: Format = {
  recognises: ({ head }) => head.startsWith('<') && /<(rss|feed|rdf:RDF)[\s>]/i.test(head),

  async *read({ text, url }) {
    const reader = new ItemReader(url);
    for await (const chunk of text) yield* reader.write(chunk);
    reader.close();
  },
};

interface Element {
  name: string;
  text: string;
  /** Null while it has no elements in it. */
  children: Children | null;
  href: string | undefined;
}

/** What stands under a prefix ("g:id") is Google's, and comes before the feed's own element of that name. */
interface Children {
  plain: Fields;
  prefixed: Fields;
}

/** Takes XML piece by piece and gives the items that are complete. */
class ItemReader {
  readonly #url: string;
  readonly #parser = new SaxesParser<{ xmlns: false }>();
  /** From the root to where the text now is; within an item, elements of the item alone. */
  readonly #outer: string[] = [];
  readonly #inner: Element[] = [];
  #title = '';
  #found: FeedPart[] = [];
  #sinceItem = 0;

  constructor(url: string) {
    this.#url = url;
    const parser = this.#parser;
    parser.ENTITIES = new Proxy(parser.ENTITIES, {
      get: (xml, name) => (typeof name === 'string' ? (xml[name] ?? namedCharacter(name)) : undefined),
    });
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('opentag', ({ name, attributes }) => this.#open(name, attributes));
    parser.on('closetag', ({ name }) => this.#close(name));
    parser.on('text', (text) => this.#read(text));
    parser.on('cdata', (text) => this.#read(text));
  }

  write(chunk: string): FeedPart[] {
    this.#parse(() => this.#parser.write(chunk));
    const found = this.#found;
    this.#found = [];
    this.#sinceItem = found.length > 0 ? 0 : this.#sinceItem + chunk.length;
    if (this.#sinceItem > MOST_CHARACTERS_PER_ITEM) {
      throw invalidFeed(this.#url, { reason: 'item-endless', most: MOST_CHARACTERS_PER_ITEM });
    }
    return found;
  }

  /** @throws LookalikeError FEED_INVALID when the document is not at its end */
  close(): void {
    this.#parse(() => this.#parser.close());
  }

  #parse(step: () => void): void {
    try {
      step();
    } catch (cause) {
      throw invalidFeed(this.#url, damage(cause), cause);
    }
  }

  #open(name: string, attributes: Record<string, string>): void {
    if (this.#inner.length > 0 || ITEMS.includes(name)) {
      const href =
        attributes.rel === undefined || attributes.rel === 'alternate' ? attributes.href : undefined;
      this.#inner.push({ name, text: '', children: null, href });
    } else {
      this.#outer.push(name);
    }
  }

  #read(text: string): void {
    const element = this.#inner.at(-1);
    if (element) element.text += text;
    else if (this.#outer.at(-1) === 'title') this.#title += text;
  }

  #close(name: string): void {
    const element = this.#inner.pop();
    if (!element) {
      this.#outer.pop();
      if (name === 'title') this.#found.push({ feedName: this.#title });
      return;
    }
    const parent = this.#inner.at(-1);
    if (parent) add(parent, element);
    else this.#found.push({ fields: googleItem(merged(element.children)) });
  }
}

function add(parent: Element, element: Element): void {
  const value = element.children ? merged(element.children) : element.text.trim() || (element.href ?? '');
  parent.children ??= { plain: {}, prefixed: {} };
  const colon = element.name.indexOf(':');
  const into = colon < 0 ? parent.children.plain : parent.children.prefixed;
  const name = element.name.slice(colon + 1);
  into[name] = Object.hasOwn(into, name) ? [into[name], value].flat() : value;
}

const merged = (children: Children | null): Fields => ({ ...children?.plain, ...children?.prefixed });

/** What the parser's "12:7: unclosed tag: item" says. */
function damage(cause: unknown): FaultParams['FEED_INVALID'] {
  const message = cause instanceof Error ? cause.message : String(cause);
  const [, line, , said = message] = /^(\d+):(\d+): (.*)$/s.exec(message) ?? [];
  const element = /^unclosed tag: (.+)$/.exec(said)?.[1];
  if (element !== undefined) return { reason: 'xml-cut', element };
  return { reason: 'xml-damaged', line: line === undefined ? null : Number(line), said };
}
