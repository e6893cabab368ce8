import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { InvalidConfig, isLoopback, readConfig, SETTINGS } from './config.ts';

test('without any setting there is a sensible one for each', () => {
  const config = readConfig({});
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 8080);
  assert.equal(config.databaseUrl, null);
  assert.deepEqual(config.basemap, { kind: 'land' });
  assert.ok(config.dataDir.endsWith('/data'));
  assert.deepEqual(readConfig({ PORT: '', DATABASE_URL: '' }).port, 8080, 'empty means unset');
});

test('every fault is told at once', () => {
  const wrong = {
    PORT: '70000',
    PUBLIC_URL: 'heat.example',
    DATABASE_URL: 'mysql://x',
    PATHGLOW_MASTER_KEY: 'secret',
    OWNER_PASSWORD: 'short',
    CACHE_DISK_MB: '-1',
    TRUST_PROXY: 'yes',
  };
  assert.throws(
    () => readConfig(wrong),
    (error) =>
      error instanceof InvalidConfig &&
      error.faults.length === 7 &&
      Object.keys(wrong).every((name) => error.faults.some((fault) => fault.startsWith(`${name}: `))) &&
      !error.message.includes('secret'),
  );
});

test('what others can reach wants a password', () => {
  assert.throws(() => readConfig({ HOST: '0.0.0.0' }), /OWNER_PASSWORD/);
  assert.equal(readConfig({ HOST: '0.0.0.0', OWNER_PASSWORD: 'long enough' }).host, '0.0.0.0');
  for (const host of ['127.0.0.1', 'localhost', '::1', '127.8.0.9']) assert.ok(isLoopback(host));
  for (const host of ['0.0.0.0', '::', '192.168.1.4', '127.0.0.1.example']) assert.ok(!isLoopback(host));
});

test('Strava is set up whole or not at all', () => {
  assert.equal(readConfig({}).strava, null);
  const id = { STRAVA_CLIENT_ID: '123' };
  const both = { ...id, STRAVA_CLIENT_SECRET: 'abc' };
  assert.throws(() => readConfig(id), /STRAVA_CLIENT_SECRET: /);
  assert.throws(() => readConfig({ STRAVA_CLIENT_SECRET: 'abc' }), /STRAVA_CLIENT_ID: /);
  assert.throws(() => readConfig({ STRAVA_RETENTION_DAYS: '7' }), /STRAVA_RETENTION_DAYS: means nothing/);
  assert.throws(() => readConfig({ ...both, STRAVA_WEBHOOK_SECRET: 'sixteen-letters-' }), /PUBLIC_URL: /);
  const { strava } = readConfig({ ...both, STRAVA_API_URL: 'https://api.example/' });
  assert.deepEqual(strava, {
    clientId: '123',
    clientSecret: 'abc',
    athleteLimit: 1,
    webhookSecret: null,
    retentionDays: null,
    apiUrl: 'https://api.example',
    oauthUrl: 'https://www.strava.com/oauth',
    websiteUrl: 'https://www.strava.com',
  });
  assert.equal(readConfig({ ...both, HOST: '0.0.0.0' }).ownerPassword, null, 'everybody signs in at Strava');
});

test('a basemap is a style or a template', () => {
  const style = readConfig({ BASEMAP_STYLE_URL: 'https://maps.example/dark' }).basemap;
  assert.deepEqual(style, { kind: 'style', url: 'https://maps.example/dark' });
  const url = 'https://maps.example/{z}/{x}/{y}.png';
  const raster = readConfig({ BASEMAP_STYLE_URL: url, BASEMAP_ATTRIBUTION: '© someone' }).basemap;
  assert.deepEqual(raster, { kind: 'raster', url, attribution: '© someone' });
});

test("the README's table has every setting, and no other", { skip: !existsSync('README.md') }, () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| `([A-Z_]+)` \| ([^|]+) \|/gm)].map(([, name]) => name);
  assert.deepEqual([...rows].sort(), Object.keys(SETTINGS).sort());
});

test('npm may run what brings Node and PostgreSQL', { skip: !existsSync('package-lock.json') }, () => {
  const read = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
  const { packages } = read('package-lock.json') as { packages: Record<string, { hasInstallScript?: true }> };
  const installing = Object.keys(packages).filter((path) => packages[path].hasInstallScript);
  const names = installing.map((path) => path.replace(/^.*node_modules\//, ''));
  // what is not named here is left out, and a clean clone does not start
  assert.deepEqual(Object.keys(read('package.json').allowScripts).sort(), [...new Set(names)].sort());
});
