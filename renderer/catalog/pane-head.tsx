import type { ReactNode } from 'react';
import './pane-head.css';

interface PaneHeadProps {
  title: ReactNode;
  /** What can be done about it. */
  children?: ReactNode;
}

/** The top of what the middle of the screen shows; it stays in sight, so that its actions do. */
export function PaneHead({ title, children }: PaneHeadProps) {
  return (
    <header className="pane-head">
      <h2>{title}</h2>
      {children}
    </header>
  );
}
