import { expect, test } from 'vitest';
import {
  combinedScores,
  comparedBy,
  type Evidence,
  evidenceOf,
  rankByEvidence,
  voteStrength,
} from './color.ts';

const seen = (visual: number, color: number, category: string | null = null): Evidence => ({
  visual,
  color,
  category,
});

test('of products visually alike, colour decides; at 0 it does not', () => {
  const evidence = [seen(3, -1), seen(2.9, 2), seen(2.8, 0)];
  expect(rankByEvidence(evidence, 0, 1)).toEqual([0, 1, 2]);
  expect(rankByEvidence(evidence, 0.3, 1)).toEqual([1, 0, 2]);
});

test('colours that differ more than ordinary ones count no less than those', () => {
  expect(combinedScores([seen(1, 0)], 0.5)).toEqual(combinedScores([seen(1, -2)], 0.5));
});

test('the same colour says less of what is far behind in visual similarity, unless colour alone counts', () => {
  expect(rankByEvidence([seen(3, 0), seen(2.5, 2)], 0.5, 1)).toEqual([1, 0]);
  expect(rankByEvidence([seen(3, 0), seen(1, 2.5)], 0.5, 1)).toEqual([0, 1]);
  expect(rankByEvidence([seen(3, 0), seen(1, 2.5)], 1, 1)).toEqual([1, 0]);
});

test('where the nearest are coats, a coat of the colour comes before a nearer-coloured bag', () => {
  const coats = [seen(3, -1, 'coat'), seen(2.95, -1, 'coat'), seen(2.9, -1, 'coat'), seen(2.6, 1.5, 'coat')];
  const bag = seen(2.5, 2, 'bag');
  expect(rankByEvidence([...coats, bag], 0.5, 1)[0]).toBe(3);
  // The same without what the categories say.
  const unlabelled = [...coats, bag].map((evidence) => ({ ...evidence, category: null }));
  expect(rankByEvidence(unlabelled, 0.5, 1)[0]).toBe(4);
});

test('a product well behind in visual similarity is found by its colour, and a bag of that colour is not, however much colour counts', () => {
  const evidence = [seen(3, 0, 'coat'), seen(2.6, 3, 'bag'), seen(2.5, 0, 'coat'), seen(2.1, 2.5, 'coat')];
  for (const weight of [0.4, 0.5]) expect(rankByEvidence(evidence, weight, 1)[0]).toBe(3);
});

test('subjects are compared where both are known, whole pictures elsewhere, each by what is ordinary for it', () => {
  const [red, blue] = [Uint8Array.of(255, 0), Uint8Array.of(0, 255)];
  const scales = {
    visual: { mean: 0, deviation: 1 },
    color: { mean: 0.5, deviation: 0.5 },
    subject: { mean: 0.2, deviation: 0.2 },
  };
  // Red on blue, seen as a whole, beside its subject.
  const candidate = { score: 0, colorSignature: blue, category: null };
  const color = (subject: Uint8Array | null, subjectColors: Uint8Array | null) =>
    evidenceOf([{ ...candidate, subjectColors }], { picture: blue, subject }, scales)[0]?.color;
  expect(color(red, red)).toBeCloseTo(4);
  expect(color(red, blue)).toBeCloseTo(-1);
  expect([color(null, red), color(red, null)]).toEqual([1, 1]);
  const known = [{ subjectColors: null }, { subjectColors: red }];
  expect(comparedBy({ picture: blue, subject: red }, known)).toBe('subject');
  expect(comparedBy({ picture: blue, subject: null }, known)).toBe('picture');
});

test('every candidate has one place', () => {
  const evidence = Array.from({ length: 50 }, (_, i) =>
    seen(5 - i / 10, (i * 7) % 5, i % 3 ? `c${i % 4}` : null),
  );
  for (const weight of [0, 0.2, 0.5, 1]) {
    expect(rankByEvidence(evidence, weight, 1).sort((a, b) => a - b)).toEqual([...evidence.keys()]);
  }
});

test('of a photo unlike the catalog the votes count a quarter, and what they would put behind stays first', () => {
  const coats = [seen(2, 0, 'coat'), seen(1.95, 0, 'coat'), seen(1.9, 0, 'coat')];
  const evidence = [...coats, seen(1.7, 2, 'dress')];
  expect(rankByEvidence(evidence, 0.5, voteStrength(0.6))[0]).toBe(0);
  expect(rankByEvidence(evidence, 0.5, voteStrength(0.02))[0]).toBe(3);
  expect([voteStrength(0), voteStrength(0.25), voteStrength(0.9), voteStrength(null)]).toEqual([
    0.25, 0.5, 1, 0.25,
  ]);
});
