import type { ReactNode } from 'react';
import './bar.css';

/** A quiet line across the top of what it is about. */
export function Bar({
  children,
  tone = 'plain',
}: {
  children: ReactNode;
  tone?: 'plain' | 'loss' | 'doubt';
}) {
  return (
    <div className={`bar bar-${tone}`} role="status">
      {children}
    </div>
  );
}
