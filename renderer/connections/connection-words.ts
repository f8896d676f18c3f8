import type { Connection, ConnectionReason, Connections } from '../../electron/contract/connections.ts';
import { formatCounted } from '../ui/format.ts';

export const REASON_WORDS: Record<ConnectionReason, string> = {
  feed: 'Catalog feed',
  picture: 'Pictures',
  model: 'Model',
};

/** The text for the status line: whether anything has left this computer, and to how many servers. */
export function connectionsSummary({ hosts, otherRequests }: Connections): string {
  const away = new Set(hosts.filter(({ local }) => !local).map(({ host }) => host)).size;
  if (away === 0 && otherRequests === 0) return 'Nothing has left this computer.';
  return `${otherRequests > 0 ? 'More than ' : ''}${formatCounted(away, 'server')} ${away === 1 ? 'was' : 'were'} contacted`;
}

/** A note on a host: "this computer", or the proxy; null for most hosts. */
export function wayWords({ local, proxy }: Connection): string | null {
  if (local) return 'on this computer';
  return proxy === null ? null : `through the proxy ${proxy}`;
}
