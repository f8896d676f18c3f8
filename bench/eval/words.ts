// `node bench/eval/words.ts [queries.jsonl ...]`: how right the answers to written queries are. See ../README.md.
import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { fromHere, toEnd } from '../../electron/cli/session.ts';
import type { SearchResponse } from '../../electron/contract/search.ts';
import type { Engine } from '../../electron/engine/engine.ts';
import { openEngine } from '../../electron/engine/open-engine.ts';
import { STARTER } from '../model.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const SAMPLE = join(REPOSITORY, 'resources/sample-catalog');
const QUERIES = join(import.meta.dirname, 'word-queries');

const values = z.array(z.string());
const fields = z
  .strictObject({
    category: values,
    color: values,
    brand: values,
    title: values,
    material: values,
    pattern: values,
    fit: values,
    season: values,
    price: z.strictObject({ from: z.number(), to: z.number() }).partial(),
  })
  .partial();

/** A query and what a sensible customer would take for a right answer, by the feed's own fields. */
const query = z.strictObject({
  id: z.string(),
  kind: z.string(),
  words: z.string(),
  without: z.string().optional(),
  /** A file of the sample catalog's customer photos. */
  photo: z.string().optional(),
  right: fields.extend({ not: fields.optional() }),
});
type Query = z.infer<typeof query>;

const product = z.object({
  id: z.string(),
  title: z.string(),
  category: z.string(),
  color: z.string(),
  brand: z.string(),
  price: z.number(),
  attributes: z.record(z.string(), z.string()),
});
type Product = z.infer<typeof product>;

/** The places of an answer that count. */
const PLACES = 5;

const program = new Command('eval words')
  .description('Measures answers to written queries on the sample catalog.')
  .argument('[queries...]', 'JSON Lines; default: those of word-queries/')
  .option('--model <id>', 'an installed model', STARTER)
  .option('--no-crop', 'search the whole photo, as the CLI does; default: propose a crop, as the app does')
  .option('--wrong', 'list every query that is not all right')
  .parse();
const options = program.opts<{ model: string; crop: boolean; wrong?: true }>();

const files = program.args.length > 0 ? program.args.map(fromHere) : [join(QUERIES, 'first.jsonl')];
const feed = z
  .object({ products: z.array(product) })
  .parse(JSON.parse(await readFile(join(SAMPLE, 'feed.json'), 'utf8')));
const products = new Map(feed.products.map((each) => [each.id, each]));

await run();

async function run(): Promise<void> {
  const engine = await openSample();
  try {
    for (const file of files) {
      const queries = (await readFile(file, 'utf8'))
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => query.parse(JSON.parse(line)));
      const outcomes = [];
      for (const each of queries) outcomes.push(await ask(engine, each));
      print(basename(file), outcomes);
    }
  } finally {
    await engine.close();
  }
}

async function openSample(): Promise<Engine> {
  const dataDir = join(
    process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    'lookalike/eval',
    `words-${options.model}`,
  );
  await mkdir(dataDir, { recursive: true });
  const sampleFeed = join(SAMPLE, 'feed.json');
  const roots = [join(REPOSITORY, 'models')];
  const engine = await openEngine({ dataDir, modelRoots: roots, sampleFeed, modelId: options.model });
  const source = { kind: 'file', path: sampleFeed } as const;
  await toEnd(
    engine.publisher.sync({ source, confirmRemovals: true }, new AbortController().signal),
    () => {},
  );
  await engine.calibrate();
  return engine;
}

interface Outcome {
  query: Query;
  /** Right answers that exist. */
  right: number;
  /** Share of the first min(5, right) places; for a query without right answers, whether the answer says so. */
  score: number;
  shown: string[];
  said: string;
  milliseconds: number;
}

async function ask(engine: Engine, asked: Query): Promise<Outcome> {
  const { words, without, photo } = asked;
  const began = performance.now();
  const answer = await engine.search({
    query: photo
      ? {
          kind: 'photo',
          photo: { path: join(SAMPLE, 'queries', photo) },
          ...(options.crop ? { crop: 'auto' as const } : {}),
          ...(words === '' ? {} : { words }),
        }
      : { kind: 'words', words },
    ...(without === undefined ? {} : { without }),
    limit: 12,
  });
  const milliseconds = performance.now() - began;
  const right = feed.products.filter((each) => isRight(each, asked.right)).length;
  const places = Math.min(PLACES, right);
  const first = answer.results.slice(0, places || PLACES).map(({ productId }) => products.get(productId));
  const hits = first.filter((each) => each && isRight(each, asked.right)).length;
  const score = right === 0 ? Number(saysNothing(answer)) : hits / places;
  const shown = first.map((each) =>
    each
      ? `${isRight(each, asked.right) ? '+' : '-'} ${each.title}, ${each.color}, ${each.category}, ${each.price}`
      : '?',
  );
  return { query: asked, right, score, shown, said: said(answer), milliseconds };
}

/** Whether the answer says that something was not found. */
function saysNothing({ understood: { parts, together } }: SearchResponse): boolean {
  return together === 0 || parts.some(({ found }) => found === 0);
}

function said({ understood: { parts, together } }: SearchResponse): string {
  const each = parts.map(
    ({ kind, text, not, values, found }) =>
      `${kind} "${text}" = ${not ? 'not ' : ''}${values.slice(0, 4).join('|')} (${found})`,
  );
  return `${each.join('; ')}; together ${together}`;
}

function isRight(each: Product, { not, ...wanted }: Query['right']): boolean {
  return meets(each, wanted) && !(not && meetsAny(each, not));
}

function meets(each: Product, wanted: z.infer<typeof fields>): boolean {
  return tests(each, wanted).every((holds) => holds);
}

function meetsAny(each: Product, unwanted: z.infer<typeof fields>): boolean {
  return tests(each, unwanted).some((holds) => holds);
}

function tests(each: Product, { price, ...lists }: z.infer<typeof fields>): boolean[] {
  const { category, color, brand, title, attributes } = each;
  const own: Record<string, string | undefined> = { category, color, brand, title, ...attributes };
  const listed = Object.entries(lists).map(([field, list]) => list?.includes(own[field] ?? '') ?? true);
  const { from = 0, to = Number.POSITIVE_INFINITY } = price ?? {};
  return price ? [...listed, each.price >= from && each.price <= to] : listed;
}

function print(name: string, outcomes: readonly Outcome[]): void {
  const kinds = [...new Set(outcomes.map(({ query: { kind } }) => kind))];
  const mean = (some: readonly Outcome[]) => some.reduce((sum, { score }) => sum + score, 0) / some.length;
  console.log(`\n${name}, ${options.model}, crop ${options.crop ? 'proposed' : 'off'}\n`);
  console.log('| kind | queries | right | all right |');
  console.log('|---|---|---|---|');
  const row = (kind: string, some: readonly Outcome[]) =>
    console.log(
      `| ${kind} | ${some.length} | ${mean(some).toFixed(3)} | ${some.filter(({ score }) => score === 1).length} |`,
    );
  for (const kind of kinds)
    row(
      kind,
      outcomes.filter((outcome) => outcome.query.kind === kind),
    );
  row(
    'all but `none`',
    outcomes.filter(({ right }) => right > 0),
  );
  row('all', outcomes);
  if (!options.wrong) return;
  for (const { query: asked, right, score, shown, said: told } of outcomes.filter(({ score }) => score < 1)) {
    const { id, kind, words, without, photo } = asked;
    console.log(
      `\n${id} ${kind} "${words}"${without ? ` without "${without}"` : ''}${photo ? ` with ${photo}` : ''}: ${score.toFixed(2)} of ${right}`,
    );
    console.log(`  right: ${JSON.stringify(asked.right)}\n  ${told}`);
    for (const line of shown) console.log(`  ${line}`);
  }
}
