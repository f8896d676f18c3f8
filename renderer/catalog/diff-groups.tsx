import { Image } from 'lucide-react';
import { mappedField, type PlanGroup, type PlanItem } from '../../electron/contract/publishing.ts';
import { Picture } from '../engine/picture.tsx';
import { capitalised, formatCount, formatCounted, formatPrice } from '../ui/format.ts';
import { FIELD_NAMES } from './feed-words.ts';
import './diff-groups.css';

/** The differences between two states of the catalog. */
export interface Diff {
  added: PlanGroup;
  changed: PlanGroup;
  priceOnly: PlanGroup;
  removed: PlanGroup;
}

const KINDS = [
  { kind: 'added', sign: '+', short: 'new', words: 'New' },
  { kind: 'changed', sign: '~', short: 'changed', words: 'Changed' },
  { kind: 'priceOnly', sign: '€', short: 'price only', words: 'Only the price' },
  { kind: 'removed', sign: '−', short: 'removed', words: 'Removed' },
] as const;

export function differs(diff: Diff): boolean {
  return KINDS.some(({ kind }) => diff[kind].count > 0);
}

interface DiffSummaryProps {
  diff: Diff;
  unchanged: number;
  /** Number of items that were left out; null when there can be none. */
  broken: number | null;
}

/** All counts in one line, in the style of a diff: + new, ~ changed, € price only, − removed, ! broken. */
export function DiffSummary({ diff, unchanged, broken }: DiffSummaryProps) {
  const counts: { kind: string; sign: string; short: string; count: number }[] = KINDS.map((each) => ({
    ...each,
    count: diff[each.kind].count,
  }));
  if (broken !== null) counts.push({ kind: 'broken', sign: '!', short: 'broken', count: broken });
  return (
    <ul className="diff-summary numbers" aria-label="What would change">
      {counts.map(({ kind, sign, short, count }) => (
        <li key={kind} className={count === 0 ? 'is-none' : ''}>
          <span className={`sign is-${kind}`} aria-hidden>
            {sign}
          </span>
          <strong>{formatCount(count)}</strong> {short}
        </li>
      ))}
      <li className="diff-unchanged">
        <strong>{formatCount(unchanged)}</strong> unchanged
      </li>
    </ul>
  );
}

function ProductCell({ item }: { item: PlanItem }) {
  return (
    <div className="diff-product">
      <span className="diff-picture">
        {item.thumbnail === null ? (
          <span className="picture diff-no-picture">
            <Image aria-hidden />
          </span>
        ) : (
          <Picture id={item.thumbnail} />
        )}
      </span>
      <span className="diff-words">
        <span className="diff-title" dir="auto" title={item.title}>
          {item.title}
        </span>
        <span className="label selectable numbers">
          <bdi>{item.productId}</bdi>
        </span>
      </span>
    </div>
  );
}

type Change = PlanItem['changes'][number];

/** "attributes.material" is shown as the feed's own "material". */
function fieldWords(field: string): string {
  const known = mappedField.safeParse(field).data;
  return known ? FIELD_NAMES[known] : capitalised(field.replace(/^attributes\./, ''));
}

function Value({ value, tag: Tag }: { value: Change['before']; tag: 'del' | 'ins' }) {
  if (value === null || value === '') return <span className="label">none</span>;
  return <Tag dir="auto">{typeof value === 'number' ? formatPrice(value, null) : value}</Tag>;
}

function ChangeWords({ change: { field, before, after } }: { change: Change }) {
  if (before === after) return <span className="label">{fieldWords(field)} replaced</span>;
  return (
    <>
      <span className="label">{fieldWords(field)}</span> <Value value={before} tag="del" />
      <span aria-hidden> → </span>
      <span className="visually-hidden"> becomes </span>
      <Value value={after} tag="ins" />
    </>
  );
}

function Changes({ changes }: { changes: readonly Change[] }) {
  return (
    <ul className="diff-changes selectable">
      {changes.map((change) => (
        <li key={change.field}>
          <ChangeWords change={change} />
        </li>
      ))}
    </ul>
  );
}

function Group({ group, kind, sign, words }: { group: PlanGroup } & Omit<(typeof KINDS)[number], 'short'>) {
  if (group.count === 0) return null;
  const more = group.count - group.examples.length;
  const changed = group.examples.some(({ changes }) => changes.length > 0);
  return (
    <details className="diff-group" open>
      <summary>
        <h3>
          <span className={`sign is-${kind}`} aria-hidden>
            {sign}
          </span>
          {words} <span className="numbers diff-count">{formatCount(group.count)}</span>
        </h3>
      </summary>
      <ul className={changed ? 'diff-rows' : 'diff-tiles'}>
        {group.examples.map((item) => (
          <li key={item.uid}>
            <ProductCell item={item} />
            {changed && <Changes changes={item.changes} />}
          </li>
        ))}
      </ul>
      {more > 0 && <p className="label numbers">and {formatCounted(more, 'product')} more</p>}
    </details>
  );
}

/** The first products of each kind, with their changes. */
export function DiffGroups({ diff }: { diff: Diff }) {
  return KINDS.map(({ kind, sign, words }) => (
    <Group key={kind} group={diff[kind]} kind={kind} sign={sign} words={words} />
  ));
}
