import { requiredLayout, tableLayout, tableRows } from '../delimited.ts';
import type { Fields, Format } from '../format.ts';
import { googleItem } from './google.ts';

const REQUIRED = ['id', 'title', 'image_link'];

/** Google Merchant's product data as a table. Columns may be written "g:id", "image link" or "image_link". */
export const googleTsv: Format = {
  recognises({ head }) {
    const layout = tableLayout(head);
    return (
      layout?.delimiter === '\t' && REQUIRED.every((name) => layout.columns.map(attribute).includes(name))
    );
  },

  async *read({ head, text, url }) {
    const layout = requiredLayout({ head, url });
    const columns = layout.columns.map(attribute);
    for await (const row of tableRows(text, { ...layout, columns }, url)) {
      yield 'problem' in row ? row : { ...row, fields: googleItem(withLists(row.fields)) };
    }
  },
};

const attribute = (column: string): string => column.toLowerCase().replace(/^g:/, '').replaceAll(/\s+/g, '_');

/** A cell lists further images separated by commas. A comma in a URL is written %2C. */
function withLists(row: Fields): Fields {
  const { additional_image_link: more } = row;
  return typeof more === 'string' ? { ...row, additional_image_link: more.split(/\s*,\s*/) } : row;
}
