import { Ban, CircleQuestionMark, Equal, EqualApproximately, Shapes } from 'lucide-react';
import type { MatchType } from '../../electron/contract/compare.ts';
import { MATCH_NAMES } from '../../electron/contract/match-names.ts';
import './match-mark.css';

const ICONS = {
  same: Equal,
  equivalent: EqualApproximately,
  similar: Shapes,
  none: Ban,
  unsure: CircleQuestionMark,
};

export function MatchIcon({ match }: { match: MatchType }) {
  const Icon = ICONS[match];
  return <Icon aria-hidden className="match-icon" />;
}

/** A decision as a mark and a word. */
export function MatchMark({ match }: { match: MatchType }) {
  return (
    <span className={`match-mark is-${match}`}>
      <MatchIcon match={match} />
      {MATCH_NAMES[match]}
    </span>
  );
}
