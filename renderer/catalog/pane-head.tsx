import type { ReactNode } from 'react';
import './pane-head.css';

interface PaneHeadProps {
  title: ReactNode;
  /** Buttons. */
  children?: ReactNode;
}

/** The head of the pane. It stays visible while the pane scrolls, so that its actions do. */
export function PaneHead({ title, children }: PaneHeadProps) {
  return (
    <header className="pane-head">
      <h2>{title}</h2>
      {children}
    </header>
  );
}
