import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseUrl } from './guards.ts';
import { makeServer } from './server.ts';

const OPTIONS = {
  logLevel: 'silent',
  trustProxy: true,
  basemap: { kind: 'land' },
  withGoogle: false,
  publicUrl: null,
  hosts: null,
} as const;

test('what could be no name of a server is refused, and repeated to nobody, also where any name is taken', async (t) => {
  const server = await makeServer(OPTIONS);
  t.after(() => server.close());
  const answer = async (request: Parameters<typeof baseUrl>[0]) => ({ at: baseUrl(request, null) });
  server.get('/', answer);
  server.post('/', answer);
  const from = { origin: 'http://elsewhere' };
  for (const name of ['a"><script>', 'a b', 'a/b', '[', '%', 'a:b', 'a@b', 'a:1:2']) {
    for (const headers of [{ host: name }, { host: 'here', 'x-forwarded-host': name }]) {
      for (const method of ['GET', 'POST'] as const) {
        const { statusCode, body } = await server.inject({
          method,
          url: '/',
          headers: { ...headers, ...from },
        });
        assert.deepEqual([statusCode, body.includes(name)], [421, false], name);
      }
    }
  }
  for (const host of ['heat.example', 'my_heat:8080', '127.0.0.1', '[::1]:8080', '[fe80::1]']) {
    const { body } = await server.inject({ url: '/', headers: { host } });
    assert.deepEqual(JSON.parse(body), { at: `http://${host}` });
    const mine = await server.inject({
      method: 'POST',
      url: '/',
      headers: { host, origin: `http://${host}` },
    });
    assert.equal(mine.statusCode, 200, host);
  }
  for (const host of ['here:99999', '']) {
    const { statusCode } = await server.inject({ method: 'POST', url: '/', headers: { host, ...from } });
    assert.equal(statusCode, 403, host);
  }
});

test('who asks is who the proxy says, whatever they say of themselves', async (t) => {
  const server = await makeServer(OPTIONS);
  t.after(() => server.close());
  server.get('/', async ({ ip, protocol }) => ({ ip, protocol }));
  for (const told of ['203.0.113.9', '198.51.100.1, 203.0.113.9', 'anything, 127.0.0.1, 203.0.113.9']) {
    const headers = { 'x-forwarded-for': told, 'x-forwarded-proto': 'https' };
    const { body } = await server.inject({ url: '/', headers });
    assert.deepEqual(JSON.parse(body), { ip: '203.0.113.9', protocol: 'https' }, told);
  }
});
