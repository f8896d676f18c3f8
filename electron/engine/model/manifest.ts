import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';

const channel = z.tuple([z.number(), z.number(), z.number()]);

// A plain name: an entry can never reach outside its own folder.
const fileName = z.string().regex(/^[\w][\w.-]*$/);

/** How words become vectors of the same space as the pictures'. Its files are optional: photos work without them. */
const textSpec = z.object({
  file: fileName,
  /** The model's own tokenizer.json. */
  tokenizer: fileName,
  /** Names of the graph's int64 inputs; the attention mask is given only to a graph that has it. */
  input: z.object({ ids: z.string(), mask: z.string().optional() }),
  output: z.string(),
  /** The most tokens of a text, the end token included: longer ones are cut before it. */
  context: z.number().int().min(4).max(1024),
  /** The token that fills texts up to `context`, for models that learned from filled ones. */
  pad: z.string().optional(),
  /** SigLIP's way: lower case and no punctuation, before the tokenizer's own rules. */
  canonical: z.boolean().default(false),
  /** The sentence that words are put into, in place of {}. */
  template: z.string().includes('{}').default('{}'),
});

const modelEntry = z
  .object({
    id: z.string().regex(/^[a-z0-9-]+$/),
    name: z.string().min(1),
    summary: z.string(),
    licence: z.string(),
    tier: z.enum(['starter', 'full']),
    dim: z.number().int().positive(),
    image: z.object({
      file: z.string(),
      input: z.string(),
      output: z.string(),
      size: z.number().int().min(32).max(1024),
      resize: z.enum(['cover', 'squash']),
      kernel: z.enum(['cubic', 'linear', 'lanczos3']),
      mean: channel,
      std: channel,
    }),
    text: textSpec.optional(),
    files: z
      .array(
        z.object({
          path: fileName,
          bytes: z.number().int().positive().optional(),
          sha256: z
            .string()
            .regex(/^[0-9a-f]{64}$/)
            .optional(),
          sha256From: z.literal('x-linked-etag').optional(),
          url: z.url({ protocol: /^https?$/ }).optional(),
          built: z.string().optional(),
        }),
      )
      .min(1),
  })
  .refine((entry) => entry.files.some((file) => file.path === entry.image.file), {
    error: 'image.file must be one of files',
  })
  .refine(
    ({ text, files }) =>
      !text || [text.file, text.tokenizer].every((name) => files.some(({ path }) => path === name)),
    {
      error: 'text.file and text.tokenizer must be among files',
    },
  );

const manifest = z.object({ formatVersion: z.literal(1), models: z.array(modelEntry) });

/** One model that can be installed; the loader believes this and never a file's name. */
export type ModelEntry = z.infer<typeof modelEntry>;

/** The files that only words need. */
export function textFiles({ text, files }: ModelEntry): ModelEntry['files'] {
  return files.filter(({ path }) => path === text?.file || path === text?.tokenizer);
}

/** The files without which the model cannot be used at all. */
export function imageFiles(entry: ModelEntry): ModelEntry['files'] {
  const text = textFiles(entry);
  return entry.files.filter((file) => !text.includes(file));
}

/**
 * The models that `<root>/manifest.json` lists, best first. A model's files live in `<root>/<id>/`.
 * A root without a manifest lists none.
 * @throws LookalikeError MANIFEST_INVALID
 */
export async function readManifest(root: string): Promise<ModelEntry[]> {
  const path = join(root, 'manifest.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new LookalikeError('MANIFEST_INVALID', { item: path, cause: error });
  }
  try {
    return manifest.parse(JSON.parse(text)).models;
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new LookalikeError('MANIFEST_INVALID', {
      detail: `The list of models at ${path} could not be read: ${why}`,
      item: path,
      cause: error,
    });
  }
}
