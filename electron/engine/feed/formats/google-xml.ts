import { SaxesParser } from 'saxes';
import type { FaultParams } from '../../../contract/faults.ts';
import type { FeedPart, Fields, Format } from '../format.ts';
import { invalidFeed } from '../invalid-feed.ts';
import { namedCharacter } from '../plain-text.ts';
import { googleItem } from './google.ts';

/**
 * The most characters of one item. A document without items must not be collected in memory while the parser looks for one.
 */
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
  /** Null while the element contains no elements. */
  children: Children | null;
  href: string | undefined;
}

/** Elements with a prefix ("g:id") are Google's, and take precedence over the feed's own element of the same name. */
interface Children {
  plain: Fields;
  prefixed: Fields;
}

/** Takes XML piece by piece and returns the complete items. */
class ItemReader {
  readonly #url: string;
  readonly #parser = new SaxesParser<{ xmlns: false }>();
  /** The names of the elements from the root to the current position; within an item, only those of the item. */
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

  /** @throws LookalikeError FEED_INVALID when the document is incomplete */
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

/** Parses the parser's message: "12:7: unclosed tag: item". */
function damage(cause: unknown): FaultParams['FEED_INVALID'] {
  const message = cause instanceof Error ? cause.message : String(cause);
  const [, line, , said = message] = /^(\d+):(\d+): (.*)$/s.exec(message) ?? [];
  const element = /^unclosed tag: (.+)$/.exec(said)?.[1];
  if (element !== undefined) return { reason: 'xml-cut', element };
  return { reason: 'xml-damaged', line: line === undefined ? null : Number(line), said };
}
