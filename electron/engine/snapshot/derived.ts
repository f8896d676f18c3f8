import { FacetCounter } from './facets.ts';
import { firstRows, type Grouping, groupRows, picturesShown } from './grouping.ts';
import type { ShownPictures } from './ranking.ts';
import type { ResidentRows } from './resident.ts';
import { Selections } from './selections.ts';
import type { Pause } from './slices.ts';
import { StylePictures } from './style-pictures.ts';
import { StyleReader } from './styles.ts';
import { TitleIndex } from './title-index.ts';

/** What is derived from a snapshot's rows when it is made. */
export interface Derived {
  grouping: Grouping;
  /** One row of each product. */
  firstRows: Uint32Array;
  titles: TitleIndex;
  facets: FacetCounter;
  shown: ShownPictures;
  selections: Selections;
  styles: StyleReader;
  pictures: StylePictures;
}

/**
 * Groups a snapshot's rows into products, styles and designs, and derives the rest from these.
 * @param order the rows of the snapshot, in the table's order
 * @param pause yields the thread
 */
export async function derive(rows: ResidentRows, order: Uint32Array, pause: Pause): Promise<Derived> {
  const grouping = groupRows(rows, order);
  await pause();
  const first = firstRows(grouping.products);
  const titles = new TitleIndex(rows.fields, first);
  const filtered = { rows, firstRows: first, titles };
  const facets = new FacetCounter(filtered, grouping);
  await pause();
  const shown = picturesShown(rows, grouping);
  await pause();
  const styles = new StyleReader(rows, grouping, first);
  const pictures = new StylePictures(rows, grouping, styles);
  const selections = new Selections(filtered, grouping);
  return { grouping, firstRows: first, titles, facets, shown, selections, styles, pictures };
}
