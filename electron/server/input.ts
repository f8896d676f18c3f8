import { z } from 'zod';
import { badRequest, Refusal } from './refusal.ts';
import type { Asked } from './route.ts';

/**
 * The body as JSON of a schema.
 * @throws Refusal 400
 */
export async function jsonOf<T>({ request }: Asked, schema: z.ZodType<T>): Promise<T> {
  let written: unknown;
  try {
    written = await request.json();
  } catch {
    throw badRequest('The body is not JSON.');
  }
  return parsed(schema, written);
}

/**
 * The body as a form: `multipart/form-data`, or the form of a web page's without files.
 * @throws Refusal 400
 */
export async function formOf({ request }: Asked): Promise<FormData> {
  try {
    return await request.formData();
  } catch {
    throw badRequest('The body is not a form (multipart/form-data).');
  }
}

/** @throws Refusal 400 that names the first field which is not as it should be */
export function parsed<T>(schema: z.ZodType<T>, written: unknown): T {
  const { data, error } = schema.safeParse(written);
  if (!error) return data;
  const [issue] = error.issues;
  const field = issue?.path.join('.') ?? '';
  throw badRequest(field === '' ? 'The request is not as expected.' : `"${field}": ${issue?.message}.`);
}

/** A file of a form. @throws Refusal 400 */
export function fileOf(form: FormData, field: string): File {
  const file = form.get(field);
  if (file instanceof File) return file;
  throw badRequest(`"${field}": a file is expected.`);
}

export const bytesOf = async (file: Blob): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await file.arrayBuffer());

/** Base64 is read leniently: with line breaks, without padding, or in the alphabet for addresses. */
const DATA_URL = /^data:[^,]{0,200};base64,/;

/**
 * A picture in base64, with or without `data:image/…;base64,` before it.
 * @throws Refusal 400
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const [prefix = ''] = DATA_URL.exec(text.slice(0, 300)) ?? [];
  const bytes = Buffer.from(text.slice(prefix.length), 'base64');
  if (bytes.length === 0) throw new Refusal(400, 'BAD_REQUEST', '"image": a picture in base64 is expected.');
  return Uint8Array.from(bytes);
}

/** The most results that are answered. */
const MOST_RESULTS = 1000;

/** A number of results, also as text, as it comes in queries and forms. */
export const limit = (usual: number) => z.coerce.number().int().min(1).max(MOST_RESULTS).default(usual);

/** A field of a query or form that may be absent. */
export const optional = (value: FormDataEntryValue | null): FormDataEntryValue | undefined =>
  value ?? undefined;

/** A form with a file, for the reference. */
export const fileForm = (field: string) => z.object({ [field]: z.file() });
