import type { FeedFormat } from '../../contract/publishing.ts';
import type { FeedDocument } from './document.ts';
import type { Format } from './format.ts';
import { csv } from './formats/csv.ts';
import { googleTsv } from './formats/google-tsv.ts';
import { googleXml } from './formats/google-xml.ts';
import { jsonMapping } from './formats/json-mapping.ts';
import { lookalike } from './formats/lookalike.ts';
import { magentoCsv } from './formats/magento-csv.ts';
import { prestashopCsv } from './formats/prestashop-csv.ts';
import { schemaOrg } from './formats/schema-org.ts';
import { shopify } from './formats/shopify.ts';
import { shopifyCsv } from './formats/shopify-csv.ts';
import { wixCsv } from './formats/wix-csv.ts';
import { woocommerceCsv } from './formats/woocommerce-csv.ts';

/** The format of a document. A folder is not a document. */
export type DocumentFormat = Exclude<FeedFormat, 'folder'>;

/** Specific formats before general ones: the first that recognises the document counts. */
export const FORMATS: Record<DocumentFormat, Format> = {
  shopify,
  'schema-org': schemaOrg,
  lookalike,
  'google-xml': googleXml,
  'google-tsv': googleTsv,
  'shopify-csv': shopifyCsv,
  'woocommerce-csv': woocommerceCsv,
  'magento-csv': magentoCsv,
  'prestashop-csv': prestashopCsv,
  'wix-csv': wixCsv,
  csv,
  'json-mapping': jsonMapping,
};

/** Recognises a document's format by its head: `json-mapping` for JSON that needs a mapping, null for an unknown format. */
export function recogniseFormat(document: FeedDocument): DocumentFormat | null {
  const names = Object.keys(FORMATS).filter((name) => isDocumentFormat(name));
  const recognised = names.find((name) => FORMATS[name].recognises(document));
  return recognised ?? (document.json === undefined ? null : 'json-mapping');
}

function isDocumentFormat(name: string): name is DocumentFormat {
  return Object.hasOwn(FORMATS, name);
}
