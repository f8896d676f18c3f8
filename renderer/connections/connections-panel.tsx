import { Popover } from 'radix-ui';
import type { Connection } from '../../electron/contract/connections.ts';
import { Ago } from '../ui/ago.tsx';
import { formatCount, formatCounted } from '../ui/format.ts';
import { connectionsSummary, REASON_WORDS, wayWords } from './connection-words.ts';
import { useConnections } from './connections.ts';
import './connections-panel.css';

/** Shows in the status line whether anything has left this computer since the start; on demand, what and where to. */
export function Connections() {
  const connections = useConnections((state) => state.connections);
  if (!connections) return null;
  const { hosts, otherRequests } = connections;
  const summary = connectionsSummary(connections);
  return (
    <Popover.Root>
      <Popover.Trigger className="connections-trigger" title="Show the connections since the start">
        {summary}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="connections"
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Connections since the start"
        >
          <h2>Connections since the start</h2>
          <p className="label">
            {hosts.every(({ local }) => local) && otherRequests === 0 && 'Nothing has left this computer. '}
            Feeds, their pictures and models are fetched when you ask for them, or on a source’s schedule.
            Photos and searches never leave.
          </p>
          {hosts.length > 0 && (
            <table className="numbers">
              <thead>
                <tr className="label">
                  <th scope="col">Server</th>
                  <th scope="col">For</th>
                  <th scope="col">Requests</th>
                  <th scope="col">Last</th>
                </tr>
              </thead>
              <tbody>
                {hosts.map((each) => (
                  <Row key={`${each.host} ${each.reason} ${each.proxy}`} connection={each} />
                ))}
              </tbody>
            </table>
          )}
          {otherRequests > 0 && (
            <p className="label">and {formatCounted(otherRequests, 'request')} to further servers</p>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Row({ connection }: { connection: Connection }) {
  const way = wayWords(connection);
  return (
    <tr>
      <th scope="row">
        <bdi>{connection.host}</bdi>
        {way && <span className="label">{way}</span>}
      </th>
      <td>{REASON_WORDS[connection.reason]}</td>
      <td>{formatCount(connection.requests)}</td>
      <td>
        <Ago time={connection.lastAt} />
      </td>
    </tr>
  );
}
