import { expect, test } from 'vitest';
import type { Connection } from '../../electron/contract/connections.ts';
import { connectionsSummary, wayWords } from './connection-words.ts';

const TIME = '2026-11-30T10:00:00.000Z';
const asked = (host: string, more: Partial<Connection> = {}): Connection => ({
  host,
  reason: 'feed',
  proxy: null,
  local: false,
  requests: 1,
  firstAt: TIME,
  lastAt: TIME,
  ...more,
});

test('servers are counted once, and those of this computer not at all', () => {
  const summary = (...hosts: Connection[]) => connectionsSummary({ hosts, otherRequests: 0 });
  expect(summary()).toBe('Nothing has left this computer.');
  expect(summary(asked('127.0.0.1:8080', { local: true }))).toBe('Nothing has left this computer.');
  expect(summary(asked('a.example'), asked('a.example', { reason: 'picture' }))).toBe(
    '1 server was contacted',
  );
  expect(summary(asked('a.example'), asked('b.example'))).toBe('2 servers were contacted');
  expect(connectionsSummary({ hosts: [asked('a.example')], otherRequests: 3 })).toBe(
    'More than 1 server was contacted',
  );
});

test('a proxy and this computer are named', () => {
  expect(wayWords(asked('a.example'))).toBeNull();
  expect(wayWords(asked('a.example', { proxy: 'p:1' }))).toBe('through the proxy p:1');
  expect(wayWords(asked('localhost', { local: true }))).toBe('on this computer');
});
