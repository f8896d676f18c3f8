import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { LookalikeError } from '../contract/errors.ts';
import { type FeedMapping, feedMapping } from '../contract/publishing.ts';
import { type CropBox, cropBox, type Filters, filters } from '../contract/search.ts';

/**
 * Parses `x,y,w,h`: as fractions when all four are at most 1, or else as pixels of the upright picture.
 * @throws LookalikeError CROP_INVALID
 */
export async function parseCrop(
  text: string,
  pictureSize: () => Promise<{ width: number; height: number }>,
): Promise<CropBox> {
  const numbers = z
    .tuple([z.number(), z.number(), z.number(), z.number()])
    .safeParse(text.split(',').map((part) => (part.trim() === '' ? null : Number(part))));
  if (!numbers.success)
    throw new LookalikeError({ code: 'CROP_INVALID', params: { reason: 'not-four-numbers' } });
  const [x, y, w, h] = numbers.data;
  const inPixels = numbers.data.some((number) => number > 1);
  const { width, height } = inPixels ? await pictureSize() : { width: 1, height: 1 };
  const crop = cropBox.safeParse({ x: x / width, y: y / height, width: w / width, height: h / height });
  if (!crop.success) throw new LookalikeError({ code: 'CROP_INVALID', params: { reason: 'outside' } });
  return crop.data;
}

/** What the products that were imported without a source are called. No source has this id. */
export const NO_SOURCE = 'none';

const FIELDS = ['category', 'brand', 'color', 'availability', 'source'] as const;

/** Parses filters from `field=value`, `price>=n` and `price<=n`. A field that is not a product's own is an attribute. */
export function parseWhere(clauses: readonly string[]): Filters {
  const lists = new Map<string, string[]>();
  const price: { min?: number; max?: number } = {};
  for (const clause of clauses) {
    const [, name, operator, value] = /^([^=<>]+)(<=|>=|=)(.*)$/s.exec(clause) ?? [];
    if (!name || !operator || !value) throw new InvalidArgumentError(`"${clause}" is not a filter.`);
    if (operator === '=' && name !== 'price')
      lists.set(name.trim(), [...(lists.get(name.trim()) ?? []), filterValue(name.trim(), value.trim())]);
    else if (name.trim() !== 'price')
      throw new InvalidArgumentError(`Only price can be compared, not "${name}".`);
    else if (operator === '>=') price.min = Number(value);
    else if (operator === '<=') price.max = Number(value);
    else Object.assign(price, { min: Number(value), max: Number(value) });
  }
  const own = FIELDS.flatMap((field) => (lists.has(field) ? [[field, lists.get(field)]] : []));
  const attributes = [...lists].filter(([name]) => !FIELDS.some((field) => field === name));
  const parsed = filters.safeParse({
    ...Object.fromEntries(own),
    ...(Object.keys(price).length > 0 ? { price } : {}),
    ...(attributes.length > 0 ? { attributes: Object.fromEntries(attributes) } : {}),
  });
  if (!parsed.success) throw new InvalidArgumentError(z.prettifyError(parsed.error));
  return parsed.data;
}

const filterValue = (field: string, value: string) =>
  field === 'source' && value === NO_SOURCE ? '' : value;

/** @param place where the mapping is written, for error messages */
export function parseMapping(json: string, place: string): FeedMapping {
  let written: unknown;
  try {
    written = JSON.parse(json);
  } catch (cause) {
    throw new InvalidArgumentError(`${place} is not JSON: ${String(cause)}`);
  }
  const mapping = feedMapping.safeParse(written);
  if (!mapping.success)
    throw new InvalidArgumentError(`${place} is not a mapping. ${z.prettifyError(mapping.error)}`);
  return mapping.data;
}

/** The name of a known character set. */
export function parseCharset(name: string): string {
  try {
    return new TextDecoder(name).encoding;
  } catch {
    throw new InvalidArgumentError(`"${name}" is not a character set that is known; try windows-1252.`);
  }
}

/** A single web address. */
export function parseAddress(text: string): string {
  const address = z.url({ protocol: /^https?$/ }).safeParse(text);
  if (!address.success) throw new InvalidArgumentError(`"${text}" is not a web address.`);
  return address.data;
}
