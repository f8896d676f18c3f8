import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonValues, partialJson } from './json.ts';

async function* inPieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function valuesOf(text: string, size: number, selector = '$.*'): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const { value } of jsonValues(inPieces(text, size), [selector], 'feed')) values.push(value);
  return values;
}

test('every JSON list is read as JSON.parse reads it, wherever it is cut into pieces', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue({ maxDepth: 3 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(undefined, 1),
      async (list, size, indent) => {
        const text = JSON.stringify(list, null, indent);
        expect(await valuesOf(text, size)).toEqual(JSON.parse(text));
      },
    ),
    { numRuns: 300 },
  );
});

test('NaN is a missing value, infinity a text, and both in a text are as they were, wherever it is cut', async () => {
  const text = '[{"a":NaN,"b":-Infinity,"c":"NaN \\" -Infinity \\\\","d":[Infinity,NaN]},NaN]';
  for (let size = 1; size <= text.length; size++) {
    expect(await valuesOf(text, size)).toEqual([
      { a: null, b: '-Infinity', c: 'NaN " -Infinity \\', d: ['Infinity', null] },
      null,
    ]);
  }
});

test('a document cut off anywhere is FEED_INVALID', async () => {
  const text = '{"products":[{"id":1,"t":"x"},{"id":2}]}';
  for (let end = 1; end < text.length; end++) {
    await expect(valuesOf(text.slice(0, end), 7, '$.products.*')).rejects.toMatchObject({
      code: 'FEED_INVALID',
    });
  }
});

test.each(['{"products":[]} {', '[1,]', "['a']", '[1] // end'])('%s is FEED_INVALID', async (text) => {
  await expect(valuesOf(text, 100)).rejects.toMatchObject({ code: 'FEED_INVALID' });
});

test('a name that JavaScript keeps for itself is a name like any other', async () => {
  const [value] = await valuesOf('[{"__proto__":{"id":"x"},"constructor":1}]', 100);
  expect(Object.keys(Object(value))).toEqual(['__proto__', 'constructor']);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

test('the beginning of a document is read as far as it goes', () => {
  expect(partialJson('{"a":1,"products":[{"id":1},{"id":2,"tit')).toEqual({
    a: 1,
    products: [{ id: 1 }, { id: 2 }],
  });
  expect(partialJson('[')).toEqual([]);
  expect(partialJson('{"products":[')).toEqual({ products: [] });
});
