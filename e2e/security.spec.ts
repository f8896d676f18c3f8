import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { z } from 'zod';
import { expect, readyToMatch, test } from './app.ts';

test('the page has no way out', async ({ lookalike: { app, page } }) => {
  await readyToMatch(page);
  // Nothing may reach the real browser during this test.
  await app.evaluate(({ shell }) => {
    shell.openExternal = async (url) => {
      Reflect.set(globalThis, 'opened', [...(Reflect.get(globalThis, 'opened') ?? []), url]);
    };
  });

  expect(page.url()).toBe('lookalike://app/');
  expect(
    await page.evaluate(() => ['require', 'process', 'module'].filter((name) => name in globalThis)),
  ).toEqual([]);
  expect(await page.evaluate(() => Object.keys(window.lookalike).sort())).toEqual([
    'chooseFolder',
    'chooseSavePath',
    'dragPicture',
    'pathForFile',
    'platform',
    'restartEngine',
    'saveSecret',
    'setSummon',
    'summon',
  ]);

  await page.evaluate(() => {
    for (const url of [
      'https://example.com/p/1',
      'http://example.com/',
      'file:///etc/passwd',
      'lookalike://app/',
      // These addresses could be mistaken for another site's.
      'https://shop.example@evil.example/',
      'https://user:pw@example.com/',
    ]) {
      window.open(url);
    }
  });
  await expect
    .poll(() => app.evaluate(() => Reflect.get(globalThis, 'opened')))
    .toEqual(['https://example.com/p/1']);
  expect(app.windows()).toHaveLength(1);

  await page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  await page.waitForTimeout(300);
  expect(page.url()).toBe('lookalike://app/');

  const refused = await page.evaluate(async () => {
    const outcomes: Record<string, string> = {};
    for (const url of [
      'https://example.com/',
      'file:///etc/passwd',
      'lookalike://app/..%2fmain.js',
      'lookalike://other/',
    ]) {
      outcomes[url] = await fetch(url).then(
        (response) => String(response.status),
        () => 'refused',
      );
    }
    outcomes.microphone = await navigator.mediaDevices.getUserMedia({ audio: true }).then(
      () => 'granted',
      () => 'refused',
    );
    outcomes.notifications = await Notification.requestPermission();
    outcomes.clipboard = await navigator.clipboard.readText().then(
      () => 'granted',
      () => 'refused',
    );
    return outcomes;
  });
  expect(refused).toEqual({
    'https://example.com/': 'refused',
    'file:///etc/passwd': 'refused',
    'lookalike://app/..%2fmain.js': '404',
    'lookalike://other/': 'refused',
    microphone: 'refused',
    notifications: 'denied',
    clipboard: 'refused',
  });
  const policy = await page.evaluate(async () => (await fetch('/')).headers.get('content-security-policy'));
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe-eval');
});

test('WebRTC reaches no address, from the page or from a frame in it', async ({ lookalike: { page } }) => {
  await readyToMatch(page);
  let arrived = 0;
  const udp = createSocket('udp4').on('message', () => arrived++);
  const tcp = createServer((socket) => {
    arrived++;
    socket.destroy();
  });
  udp.bind(0, '127.0.0.1');
  tcp.listen(0, '127.0.0.1');
  await Promise.all([once(udp, 'listening'), once(tcp, 'listening')]);
  const { port: tcpPort } = z.object({ port: z.number() }).parse(tcp.address());
  try {
    const gathered = await page.evaluate(
      async ({ udpPort, tcpPort }) => {
        const frame = document.createElement('iframe');
        document.body.append(frame);
        const login = { username: 'a', credential: 'b' };
        const Framed: typeof RTCPeerConnection = Reflect.get(frame.contentWindow ?? {}, 'RTCPeerConnection');
        const connections = [RTCPeerConnection, Framed].map(
          (Connection) =>
            new Connection({
              iceServers: [
                { urls: `stun:127.0.0.1:${udpPort}` },
                { urls: `turn:127.0.0.1:${udpPort}`, ...login },
                { urls: `turn:127.0.0.1:${tcpPort}?transport=tcp`, ...login },
              ],
            }),
        );
        const ends = connections.map(
          (connection) =>
            new Promise<string[]>((resolve) => {
              const candidates: string[] = [];
              connection.onicecandidate = ({ candidate }) => {
                if (candidate) candidates.push(candidate.candidate);
                else resolve(candidates);
              };
            }),
        );
        for (const connection of connections) {
          connection.createDataChannel('out');
          await connection.setLocalDescription();
        }
        return Promise.all(ends);
      },
      { udpPort: udp.address().port, tcpPort },
    );
    expect(gathered).toEqual([[], []]);
    expect(arrived).toBe(0);
  } finally {
    udp.close();
    tcp.close();
  }
});
