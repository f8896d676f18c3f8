import type { ComparedProduct, ComparisonRow } from '../../../contract/compare.ts';
import { statedPrice } from '../../../contract/price-position.ts';
import { type Exported, pricePosition, rowsOf } from './exported.ts';

/** The comparison as one JSON document, a row a line. */
export async function* jsonOf(exported: Exported): AsyncGenerator<string> {
  const { name, competitor, createdAt, counts, about } = exported.summary;
  const { trust, tells } = exported;
  const head = JSON.stringify({ name, competitor, createdAt, counts, about, trust, ...tells });
  yield `${head.slice(0, -1)},"rows":[`;
  let between = '\n';
  for (const row of rowsOf(exported)) {
    yield between + JSON.stringify(jsonRow(row));
    between = ',\n';
  }
  yield '\n]}\n';
}

/** A row for programs. `file` is the name of its first source, `price` how the decided product's price stands to theirs. */
function jsonRow(shown: ComparisonRow) {
  const { row, status, sources, fault, candidates, probability, decision, changed } = shown;
  const [first] = sources;
  return {
    row,
    file: first?.name ?? '',
    status,
    decision: decision && {
      match: decision.match,
      at: decision.at,
      ...(decision.inBulk && { inBulk: true }),
      ...(decision.merged && { merged: true }),
      product: decision.product && named(decision.product),
    },
    candidates: candidates.map((candidate) => ({
      ...named(candidate),
      score: candidate.score,
      band: candidate.band,
    })),
    probability,
    price: pricePosition(shown, decision?.product, statedPrice(sources)),
    ...(changed && { changed }),
    ...(fault && { fault }),
    sources,
  };
}

function named({ uid, productId, sku, title, price, currency }: ComparedProduct) {
  return { productId, sku, uid, title, price, currency };
}
