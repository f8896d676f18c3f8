// Clients of the local server, in a process of their own. Its bodies are read before anything is timed.
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { z } from 'zod';

const order = z.object({
  url: z.string(),
  token: z.string(),
  files: z.array(z.string()),
  clients: z.number(),
});
/** What the process is sent: photos as files, shared by so many clients at once. */
export type ClientOrder = z.infer<typeof order>;
export const clientResult = z.object({ ms: z.array(z.number()), seconds: z.number() });

const agent = new Agent({ keepAlive: true });

process.on('message', async (message) => {
  const { url, token, files, clients } = order.parse(message);
  const bodies = await Promise.all(files.map(bodyOf));
  const ms: number[] = [];
  const began = performance.now();
  const client = async () => {
    for (let body = bodies.pop(); body; body = bodies.pop()) ms.push(await timed(url, token, body));
  };
  await Promise.all(Array.from({ length: clients }, client));
  process.send?.({ ms, seconds: (performance.now() - began) / 1000 });
});

async function bodyOf(file: string): Promise<Buffer> {
  const image = (await readFile(file)).toString('base64');
  return Buffer.from(JSON.stringify({ image, topK: 12 }));
}

function timed(url: string, token: string, body: Buffer): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': body.length,
    };
    const asked = request(
      `${url}/api/image-search/find-similar`,
      { method: 'POST', agent, headers },
      (answer) => {
        answer.resume();
        answer.once('end', () => {
          if (answer.statusCode === 200) resolve(performance.now() - began);
          else reject(new Error(`The server answered ${answer.statusCode}.`));
        });
      },
    );
    asked.once('error', reject);
    asked.end(body);
  });
}
