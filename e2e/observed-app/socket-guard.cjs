// Loaded before a program of ours (`--require`), and so before every one that the program starts. Notes each address
// that the program connects to and each name that it looks up, one a line, in a file in the folder OBSERVED_SOCKETS.
// It is JavaScript because Electron 33 loads it too. It does not see native code; on Linux strace does (`strace.ts`).
const dgram = require('node:dgram');
const dns = require('node:dns');
const { appendFileSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const net = require('node:net');
const path = require('node:path');

const record = path.join(process.env.OBSERVED_SOCKETS, `${process.pid}.txt`);
const note = (what) => appendFileSync(record, `${what}\n`);

/** Calls `before` with the arguments of every call of a method. */
function observe(owner, method, before) {
  const original = owner[method];
  owner[method] = function observed(...args) {
    before(...args);
    return original.apply(this, args);
  };
}

// TLS, HTTP, HTTP/2, WebSocket, fetch and undici all connect through this method. net.connect() calls it with
// [options, callback]; others with options, with a port and a host, or with the path of a pipe.
observe(net.Socket.prototype, 'connect', (first, second) => {
  const to = Array.isArray(first) ? first[0] : first;
  if (typeof to === 'object' && to !== null) {
    if (!to.path) note(`connect ${to.host ?? 'localhost'}:${to.port}`);
  } else if (Number(to) >= 0) {
    note(`connect ${typeof second === 'string' ? second : 'localhost'}:${to}`);
  }
});

for (const method of ['connect', 'send', 'bind'])
  observe(dgram.Socket.prototype, method, (...args) => {
    note(`udp ${method} ${args.filter((each) => /^(number|string)$/.test(typeof each)).join(' ')}`);
  });

for (const owner of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype])
  for (const method of Object.getOwnPropertyNames(owner).concat(
    Object.getOwnPropertyNames(Object.getPrototypeOf(owner)),
  ))
    if (/^(lookup|lookupService|resolve.*|reverse)$/.test(method))
      observe(owner, method, (name) => note(`look up ${name}`));

syncBuiltinESMExports();
process.env.NODE_OPTIONS = `--require ${JSON.stringify(__filename)}`;
note(`guarded ${process.type ?? 'node'}`);
