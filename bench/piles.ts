// `node bench/piles.ts MANIFEST... [--model-dir DIR]`: how well pictures that are piled by likeness agree with the categories
// of labelled sets, for several cuts, and how long piling many takes. See README.md here, "Piles".
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { averageLinkage } from '../electron/engine/compare/tells/average-linkage.ts';
import { lessCommon } from '../electron/engine/compare/tells/less-common.ts';
import { LEAST_ALIKE } from '../electron/engine/compare/tells/piles.ts';
import { openEngine } from '../electron/engine/open-engine.ts';
import { modelFromFolder } from './eval/gallery.ts';
import { type LabelledPhoto, readManifest } from './eval/labelled-set.ts';
import { STARTER } from './model.ts';
import { seeded, unitNear } from './random.ts';

const CUTS = [0.2, 0.25, 0.3, LEAST_ALIKE, 0.4, 0.5];
const MANY = [1000, 5000];
const NUMBERS = 512;
const ROOT = join(import.meta.dirname, '../models');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'model-dir': { type: 'string' } },
});
const dir = values['model-dir'];
const model = dir === undefined ? { id: STARTER, roots: [ROOT] } : await modelFromFolder(dir, [ROOT]);
for (const path of positionals) await measureSet(path);
measureSpeed();

async function measureSet(path: string): Promise<void> {
  const { name, gallery, queries } = await readManifest(path);
  const photos = [...gallery, ...queries].filter(({ category }) => category !== null);
  const vectors = await vectorsOf(photos);
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (const [n, value] of vector.entries()) sum[n] = (sum[n] ?? 0) + value;
  for (const vector of vectors) lessCommon(vector, sum, vectors.length);
  const labels = photos.map(({ category }) => category ?? '');
  console.log(`${name}, ${model.id}: ${photos.length} pictures, ${new Set(labels).size} categories`);
  for (const cut of CUTS) {
    const groups = grouped(vectors, cut);
    const piles = groups.filter(({ length }) => length > 1);
    const figures = `purity ${purity(piles, labels).toFixed(3)}, adjusted Rand index ${randIndex(groups, labels).toFixed(3)}`;
    console.log(`  cut ${cut}: ${piles.length} piles, ${groups.length - piles.length} alone, ${figures}`);
  }
}

async function vectorsOf(photos: readonly LabelledPhoto[]): Promise<Float32Array[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lookalike-piles-'));
  const engine = await openEngine({
    dataDir,
    modelRoots: model.roots,
    modelId: model.id,
    sampleFeed: join(dataDir, 'none.json'),
  });
  try {
    const vectors: Float32Array[] = [];
    for (const { path } of photos) {
      const bytes = new Uint8Array(await readFile(path));
      const { whole } = await engine.modelInUse.answering.using((search) => search.embedInBulk(bytes));
      vectors.push(whole.vector);
    }
    return vectors;
  } finally {
    await engine.close();
    await rm(dataDir, { recursive: true });
  }
}

function grouped(vectors: readonly Float32Array[], cut: number): number[][] {
  const steps = averageLinkage(vectors, cut);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/** The share of pictures that are of their pile's most frequent category. */
function purity(piles: readonly number[][], labels: readonly string[]): number {
  let [right, all] = [0, 0];
  for (const pile of piles) {
    right += Math.max(...counted(pile.map((place) => labels[place])).values());
    all += pile.length;
  }
  return right / all;
}

/** 1: the piles are the categories; 0: they agree as by chance (Hubert and Arabie, 1985). */
function randIndex(groups: readonly number[][], labels: readonly string[]): number {
  const pairs = (counts: Iterable<number>) => [...counts].reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
  const both = groups.reduce(
    (sum, group) => sum + pairs(counted(group.map((place) => labels[place])).values()),
    0,
  );
  const [one, other] = [pairs(groups.map(({ length }) => length)), pairs(counted(labels).values())];
  const chance = (one * other) / pairs([labels.length]);
  return (both - chance) / ((one + other) / 2 - chance);
}

function counted<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function measureSpeed(): void {
  const random = seeded(1);
  const centres = Array.from({ length: 100 }, () => unitNear(new Float32Array(NUMBERS), 1, random));
  for (const count of MANY) {
    const vectors = Array.from({ length: count }, (_, n) =>
      unitNear(centres[n % centres.length] ?? new Float32Array(NUMBERS), 0.06, random),
    );
    const before = process.cpuUsage();
    const groups = grouped(vectors, LEAST_ALIKE);
    const { user, system } = process.cpuUsage(before);
    console.log(
      `${count} pictures in ${groups.length} piles: ${((user + system) / 1e6).toFixed(2)} s of core time`,
    );
  }
}
