import { type IndexedProduct, indexedProduct, indexReport } from '../contract/indexing.ts';
import type { ImportProblem } from '../contract/publishing.ts';
import { fromBase64 } from './input.ts';

/** A value's beginning, as a problem shows it. */
const SHOWN_CHARACTERS = 60;

/**
 * Indexes the products of a request that have the form of the contract. The others are problems of the answer, each with its id,
 * or its place in the request, so that one of ten thousand does not stop the rest.
 */
export async function indexWellFormed(
  request: { products: readonly unknown[] },
  index: (request: { products: IndexedProduct[] }) => Promise<unknown>,
): Promise<unknown> {
  const products: IndexedProduct[] = [];
  const problems: ImportProblem[] = [];
  for (const [i, written] of request.products.entries()) {
    const { data, error } = indexedProduct.safeParse(withPictures(written));
    if (data) products.push(data);
    else problems.push(problemOf(written, i, error.issues[0]?.path ?? []));
  }
  if (products.length === 0 && problems.length > 0) return { indexed: 0, problems, snapshot: null };
  const report = indexReport.parse(await index({ ...request, products }));
  return { ...report, problems: [...problems, ...report.problems] };
}

function problemOf(written: unknown, i: number, path: readonly PropertyKey[]): ImportProblem {
  const place = `products[${i}]`;
  const id = isObject(written) && typeof written.id === 'string' ? written.id.trim() : '';
  const field = path.map(String).join('.') || place;
  const value = JSON.stringify(valueAt(written, path))?.slice(0, SHOWN_CHARACTERS) ?? null;
  return { code: 'PRODUCT_INVALID', params: { field, value }, item: id.slice(0, 200) || place, image: null };
}

function valueAt(value: unknown, [step, ...rest]: readonly PropertyKey[]): unknown {
  if (step === undefined) return value;
  return typeof value === 'object' && value !== null ? valueAt(Reflect.get(value, step), rest) : undefined;
}

/** Pictures come in base64. What is none has no bytes. */
function withPictures(product: unknown): unknown {
  if (!isObject(product) || !Array.isArray(product.pictures)) return product;
  const pictures = product.pictures.map((picture: unknown) => {
    if (!isObject(picture) || typeof picture.bytes !== 'string') return picture;
    try {
      return { bytes: fromBase64(picture.bytes) };
    } catch {
      return picture;
    }
  });
  return { ...product, pictures };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
