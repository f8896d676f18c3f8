import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import { modelExpectation } from '../../contract/models.ts';

const channel = z.tuple([z.number(), z.number(), z.number()]);

/** Names that Windows reserves for devices, with any extension: https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

// A plain file name that every system allows, so that an entry can never reach outside its own folder.
const fileName = z
  .string()
  .regex(/^[\w]([\w.-]*[\w-])?$/)
  .refine((name) => !DEVICE.test(name), 'Windows reserves this name for a device.');

/**
 * The text encoder, which embeds texts into the pictures' space. Its files are optional: searching by photo works without
 * them.
 */
const textSpec = z.object({
  file: fileName,
  /** The model's own tokenizer.json. */
  tokenizer: fileName,
  /** Names of the graph's int64 inputs. Only a graph that declares the attention mask gets one. */
  input: z.object({ ids: z.string(), mask: z.string().optional() }),
  output: z.string(),
  /** The most tokens of a text, including the end token. Longer texts are truncated before it. */
  context: z.number().int().min(4).max(1024),
  /** The token that pads texts to `context`, for models that were trained on padded texts. */
  pad: z.string().optional(),
  /** SigLIP's normalisation: lower case and no punctuation, before the tokenizer's own rules. */
  canonical: z.boolean().default(false),
  /** The prompt; the text replaces {}. */
  template: z.string().includes('{}').default('{}'),
});

/**
 * The input of a graph: the size of the picture, and the mean and std by which pixels are normalised as (value - mean) /
 * std.
 */
const imageSpec = z.object({
  file: fileName,
  input: z.string(),
  output: z.string(),
  size: z.number().int().min(32).max(1024),
  resize: z.enum(['cover', 'squash']),
  kernel: z.enum(['cubic', 'linear', 'lanczos3']),
  mean: channel,
  std: channel,
});

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const byteCount = z.number().int().positive();

const modelFile = z.object({
  path: fileName,
  bytes: byteCount.optional(),
  /** Approximate size to show to people, when the exact size is unknown. Nothing is checked against it. */
  aboutBytes: byteCount.optional(),
  sha256: sha256.optional(),
  /** The sha256 is unknown: the one that the hub sends with the file counts, and is noted beside the file. */
  sha256From: z.literal('x-linked-etag').optional(),
  url: z.url({ protocol: /^https?$/ }).optional(),
});

const common = {
  /** Also the name of its folder. */
  id: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .refine((id) => !DEVICE.test(id), 'Windows reserves this name for a device.'),
  name: z.string().min(1),
  /** For whom the model is, in a sentence. */
  summary: z.string(),
  /** A choice that few need. It is shown apart from the others. */
  more: z.boolean().default(false),
  expect: modelExpectation.optional(),
  licence: z.string(),
  tier: z.enum(['starter', 'full']).default('full'),
  files: z.array(modelFile).min(1),
};

const embedder = z.object({
  kind: z
    .literal('embedder')
    .optional()
    .transform(() => 'embedder' as const),
  ...common,
  /**
   * The id of the model that this one replaces: a catalog of that one is moved to this one, and their packs are exchanged. Its
   * own weights never change, because catalogs, packs and feedback are kept under its id.
   */
  supersedes: z.string().optional(),
  dim: z.number().int().positive(),
  image: imageSpec,
  text: textSpec.optional(),
});

/** A model like U-2-Net: pixels are divided by the picture's brightest value, and the output is a mask of `size`. */
const subject = z.object({ kind: z.literal('subject'), ...common, image: imageSpec });

export const modelEntry = z.discriminatedUnion('kind', [embedder, subject]).superRefine((entry, context) => {
  const named = [['image', 'file', entry.image.file]];
  if (entry.kind === 'embedder' && entry.text) {
    named.push(['text', 'file', entry.text.file], ['text', 'tokenizer', entry.text.tokenizer]);
  }
  const values = entry.files.map(({ path }) => path);
  for (const [index, path] of values.entries()) {
    // Windows and the Mac take the two for one.
    if (values.findIndex((other) => other.toLowerCase() === path.toLowerCase()) === index) continue;
    const message = `There is another file of this name, ${path}.`;
    context.addIssue({ code: 'custom', message, input: path, path: ['files', index, 'path'] });
  }
  for (const [part = '', field = '', input = ''] of named) {
    if (!values.includes(input))
      context.addIssue({ code: 'invalid_value', values, input, path: [part, field] });
  }
});

const manifest = z.object({ formatVersion: z.literal(1), models: z.array(modelEntry) });

/** One model that can be installed. The loader relies on this entry, never on a file's name. */
export type ModelEntry = z.infer<typeof modelEntry>;
export type EmbedderEntry = Extract<ModelEntry, { kind: 'embedder' }>;
export type SubjectEntry = Extract<ModelEntry, { kind: 'subject' }>;
export type ModelFile = ModelEntry['files'][number];

/** The files that only the text encoder needs. */
export function textFiles(entry: ModelEntry): ModelFile[] {
  const text = entry.kind === 'embedder' ? entry.text : undefined;
  return entry.files.filter(({ path }) => path === text?.file || path === text?.tokenizer);
}

/** The files without which the model cannot be used at all. */
export function imageFiles(entry: ModelEntry): ModelFile[] {
  const text = textFiles(entry);
  return entry.files.filter((file) => !text.includes(file));
}

/**
 * Reads the models that `<root>/manifest.json` lists, best first. A model's files are in `<root>/<id>/`. A root without a
 * manifest lists none.
 * @throws LookalikeError MANIFEST_INVALID
 */
export async function readManifest(root: string): Promise<ModelEntry[]> {
  return (await readJson(join(root, 'manifest.json'), manifest))?.models ?? [];
}

/**
 * Reads a model's own entry from `<folder>/model.json`, which has the manifest's schema. Null when there is none.
 * @throws LookalikeError MANIFEST_INVALID
 */
export function readOwnEntry(folder: string): Promise<ModelEntry | null> {
  return readJson(join(folder, 'model.json'), modelEntry);
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new LookalikeError(
      { code: 'MANIFEST_INVALID', params: { path, said: null } },
      { item: path, cause: error },
    );
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const said = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new LookalikeError(
      { code: 'MANIFEST_INVALID', params: { path, said } },
      { item: path, cause: error },
    );
  }
}
