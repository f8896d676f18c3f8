import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { saying } from '../../cli/test-saying.ts';
import { readPixels } from '../images/photo.ts';
import { temporaryFolder } from '../test-catalog.ts';
import { CONTEXT, drawCloth, installDualEncoder } from '../test-dual-encoder.ts';
import { PriorityGate } from '../work/priority-gate.ts';
import { Embedder } from './embedder.ts';
import { installedModels } from './files.ts';

/** The tiny dual encoder, in its own folder; `text` changes its manifest. */
async function load(text: Record<string, unknown> | null = {}) {
  const root = await temporaryFolder();
  const folder = await installDualEncoder(root, text);
  return { root, folder, embedder: await open(root) };
}

async function open(root: string): Promise<Embedder> {
  const [model] = await installedModels([root]);
  if (!model) throw new Error('the model was not found');
  const embedder = await Embedder.load(model, new PriorityGate());
  onTestFinished(() => embedder.close());
  return embedder;
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

test('words are unit vectors in the space of the pictures: each phrase is nearest to what it names', async () => {
  const { embedder } = await load();
  expect(embedder.info.words).toBe(true);
  const names = [
    'red striped',
    'red plain',
    'green striped',
    'green plain',
    'red ribbed',
    'blue ribbed',
    'blue striped',
  ] as const;
  const pictures = new Map<string, Float32Array>();
  for (const name of names) {
    const [color, pattern] = name.split(' ');
    if (color !== 'red' && color !== 'green' && color !== 'blue') throw new Error(name);
    if (pattern !== 'plain' && pattern !== 'striped' && pattern !== 'ribbed') throw new Error(name);
    const { pixels } = await readPixels(await drawCloth(color, pattern), embedder.pixelSpec);
    pictures.set(name, await embedder.embed(pixels));
  }
  const nearest = async (words: string) => {
    const vector = await embedder.embedWords(words);
    expect(dot(vector, vector)).toBeCloseTo(1, 5);
    return [...pictures].sort(([, a], [, b]) => dot(b, vector) - dot(a, vector))[0]?.[0];
  };
  expect(await nearest('red striped dress')).toBe('red striped');
  expect(await nearest('a GREEN dress,\n STRIPES!')).toBe('green striped');
  expect(await nearest('red')).toBe('red plain');
  expect(await nearest('blue ribbed')).toBe('blue ribbed');
});

test('the prompt of the manifest is around the words', async () => {
  const { embedder: prompted } = await load({ template: 'green {}' });
  const { embedder: bare } = await load({ template: '{}' });
  expect(await prompted.embedWords('striped')).toEqual(await bare.embedWords('green striped'));
  expect(await prompted.embedWords('$& striped')).toEqual(await bare.embedWords('green $& striped'));
});

test('words that are too long are cut before the end token', async () => {
  const { embedder } = await load({ template: '{}' });
  const most = CONTEXT - 2;
  const [full, longer] = [
    await embedder.embedWords('red '.repeat(most)),
    await embedder.embedWords('red '.repeat(99)),
  ];
  expect(longer).toEqual(full);
  // All texts share only the end token.
  expect(longer[6]).toBeGreaterThan(0.1);
  expect(await embedder.embedWords('red '.repeat(most - 1))).not.toEqual(full);
});

test('a model that learned from filled texts gets them filled up to its context', async () => {
  const { embedder } = await load({ template: '{}', pad: '<|endoftext|>', input: { ids: 'input_ids' } });
  const [red = 0, , , , , , ends = 0] = await embedder.embedWords('red');
  // The text has one "red", and two of sixteen tokens are the start token and "red".
  expect(ends / red).toBeCloseTo(3 * (CONTEXT - 2), 3);
});

test('canonical text is lower case without punctuation', async () => {
  const { embedder } = await load({ template: '{}', canonical: true });
  expect(await embedder.embedWords('Re-d,  "STRIPED".')).toEqual(await embedder.embedWords('red striped'));
});

test('without its text files a model works for pictures and says that it has no words', async () => {
  const { root, folder } = await load();
  await rm(join(folder, 'tokenizer.json'));
  const embedder = await open(root);
  expect(embedder.info.words).toBe(false);
  const { pixels } = await readPixels(await drawCloth('red', 'plain'), embedder.pixelSpec);
  expect(await embedder.embed(pixels)).toHaveLength(7);
  expect((await load(null)).embedder.info.words).toBe(false);
});

test('the weights are the same with and without the text files', async () => {
  const [{ embedder: both }, { embedder: pictures }] = [await load(), await load(null)];
  expect(both.weights).toBe(pictures.weights);
});

test('a damaged text file is refused at the first words, and works when it is mended', async () => {
  const { folder, embedder } = await load();
  const path = join(folder, 'tokenizer.json');
  const right = await readFile(path);
  await writeFile(path, right.toString().replace('"red</w>"', '"rod</w>"'));
  await expect(embedder.embedWords('red')).rejects.toMatchObject({ code: 'MODEL_ALTERED', item: path });
  await writeFile(path, right);
  expect(await embedder.embedWords('red')).toHaveLength(7);
});

test.each([
  [
    'another input',
    { input: { ids: 'tokens' } },
    'its inputs for words are input_ids, attention_mask, not int64 tokens',
  ],
  ['another output', { output: 'logits' }, 'its output logits does not give 7 numbers for words'],
  ['no such filling', { pad: '<pad>' }, 'its tokenizer has no token <pad> to fill up with'],
])('a text encoder that is not what the manifest says: %s', async (_, text, said) => {
  const { embedder } = await load(text);
  const error = await embedder.embedWords('red').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'MODEL_MISMATCH', fault: saying(said) });
});
