import type { ReactNode } from 'react';
import './bar.css';

/** An unobtrusive line across the top of a screen or pane. */
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
