import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { handleError } from './errors.ts';

async function answerTo(error: unknown) {
  const app = Fastify();
  app.setErrorHandler(handleError);
  app.get('/', async () => {
    throw error;
  });
  const { statusCode, headers, body } = await app.inject('/');
  await app.close();
  return { status: statusCode, retryAfter: headers['retry-after'], body, code: JSON.parse(body).error.code };
}

const failing = (code: string) => Object.assign(new Error('at /var/lib, port 5432'), { code });

test('a database that is away is 503 and when to come again, a full disk 507, and neither tells of the inside', async () => {
  for (const away of ['ECONNREFUSED', '57P03', '57P01']) {
    const { body, ...answer } = await answerTo(failing(away));
    assert.deepEqual(answer, { status: 503, retryAfter: '5', code: 'busy' }, away);
    assert.ok(!body.includes('5432'));
  }
  for (const full of ['ENOSPC', '53100']) {
    const { status, code } = await answerTo(failing(full));
    assert.deepEqual([status, code], [507, 'disk_full'], full);
  }
  const { status, body } = await answerTo(failing('42P01'));
  assert.equal(status, 500);
  assert.ok(!body.includes('5432'));
});
