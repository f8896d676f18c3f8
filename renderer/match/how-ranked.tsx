import { Tooltip } from 'radix-ui';
import { useState } from 'react';
import type { Ranking } from '../../electron/contract/search.ts';
import type { Query } from './query.ts';
import { rankingDetails, rankingSummary } from './ranking-words.ts';
import './how-ranked.css';

/** How the answer was ranked, in one line; in detail on hover, focus or tap. */
export function HowRanked({ ranking, query }: { ranking: Ranking; query: Query }) {
  const [open, setOpen] = useState(false);
  return (
    <Tooltip.Provider delayDuration={300}>
      <Tooltip.Root open={open} onOpenChange={setOpen}>
        <Tooltip.Trigger
          className="how-ranked label numbers"
          // A tap has neither hover nor focus, and Radix closes on it.
          onPointerDown={(event) => event.preventDefault()}
          onClick={(event) => {
            event.preventDefault();
            setOpen(true);
          }}
        >
          {rankingSummary(ranking)}
        </Tooltip.Trigger>
        <Tooltip.Content
          className="how-ranked-details numbers"
          side="bottom"
          align="end"
          sideOffset={4}
          collisionPadding={8}
        >
          <dl>
            {rankingDetails(ranking, query).map(({ name, detail }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{detail}</dd>
              </div>
            ))}
          </dl>
        </Tooltip.Content>
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}
