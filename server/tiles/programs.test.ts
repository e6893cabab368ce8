import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { SaxesParser } from 'saxes';
import { makeUrlKey } from '../athletes/url-keys.ts';
import { tileAt } from '../testing/sample-activities.ts';
import { testTileApp } from '../testing/tile-app.ts';
import { type MapProgram, programs } from './programs.ts';

const KEY = makeUrlKey();
const ORIGIN = 'https://heat.example:8443';
const QUERY = 'sport=Ride%2CRun&gradient=1%3A234%3B10%3Af80&hot=20';
const MAP = `${ORIGIN}/tiles/token/${KEY}`;
const { x, y } = tileAt(13, () => 0.5);
const tile = `${MAP}/13/${x}/${y}.png?${QUERY}`;
const tile2x = `${MAP}/13/${x}/${y}@2x.png?${QUERY}`;
const offered = programs({ origin: ORIGIN, key: KEY, query: QUERY });

/** The one way into a program of that kind whose text has this in it: beside the key, which may have any letters. */
function way(name: string, kind: MapProgram['kind'], part = ''): MapProgram {
  const found = offered.filter(
    (one) =>
      one.name.startsWith(name) && one.kind === kind && one.text.replaceAll(KEY, 'a key').includes(part),
  );
  assert.equal(found.length, 1, `${name}, ${kind}`);
  return found[0];
}

/** Fills in what stands in braces; what is left in braces is none of the program's. */
function filled(template: string, values: Record<string, string | number>): string {
  const url = template.replace(/\{([^}]+)\}/g, (all, name) => String(values[name] ?? all));
  assert.doesNotMatch(url, /[{}]/, url);
  return url;
}

/** The attributes and texts of an XML document's elements, by name. */
function elements(xml: string): Record<string, { attributes: Record<string, string>; text: string }> {
  const found: ReturnType<typeof elements> = {};
  let inside = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => assert.fail(error));
  parser.on('opentag', ({ name, attributes }) => {
    inside = name;
    found[name] = { attributes: attributes as Record<string, string>, text: '' };
  });
  for (const event of ['text', 'cdata'] as const) {
    parser.on(event, (text) => {
      if (inside in found) found[inside].text += text.trim();
    });
  }
  parser.write(xml).close();
  return found;
}

/** Runs the code offered for a page, with these as its globals. */
function run(code: string, globals: Record<string, unknown>): void {
  new Function(...Object.keys(globals), code)(...Object.values(globals));
}

let app: FastifyInstance;
let close: () => Promise<void>;

before(async () => {
  ({ app, close } = await testTileApp({ activities: 5, publicUrl: ORIGIN, maps: (own) => ({ [KEY]: own }) }));
});
after(() => close());

test('the addresses all programs arrive at are there', async () => {
  for (const [url, size] of [
    [tile, 256],
    [tile2x, 512],
  ] as const) {
    const { statusCode, rawPayload } = await app.inject(url.slice(ORIGIN.length));
    assert.equal(statusCode, 200);
    assert.equal(rawPayload.readUInt32BE(16), size);
  }
  for (const { text } of [way('JOSM', 'address', 'wmts'), way('Any other', 'address', 'tile.json')]) {
    const { statusCode, body } = await app.inject(text.slice(ORIGIN.length));
    assert.equal(statusCode, 200);
    assert.ok(body.includes(KEY) && body.includes('hot=20'));
  }
});

test('iD fills in zoom, x, y and, on fine screens, @2x', () => {
  const { text } = way('iD', 'address');
  assert.equal(filled(text, { zoom: 13, x, y, '@2x': '@2x' }), tile2x);
  assert.equal(
    text.replace('{@2x}', '').replace('{zoom}', '13').replace('{x}', `${x}`).replace('{y}', `${y}`),
    tile,
  );
});

test('JOSM takes a kind, zooms and a template, or capabilities', () => {
  const [, least, most, template] =
    /^tms\[(\d+),(\d+)\]:(.+)$/.exec(way('JOSM', 'address', 'tms').text) ?? [];
  assert.deepEqual([least, most], ['2', '20']);
  assert.equal(filled(template, { zoom: 13, x, y }), tile);
  assert.equal(way('JOSM', 'address', 'wmts').text, way('QGIS', 'address', 'wmts').text);
});

test('QGIS takes a template, a file of connections, or a URL it knows for one of WMTS', () => {
  const { text } = way('QGIS', 'address', '{z}');
  assert.equal(filled(text, { z: 13, x, y }), tile2x);
  const { xyztiles, qgsXYZTilesConnections } = elements(way('QGIS', 'file').text);
  assert.equal(qgsXYZTilesConnections.attributes.version, '1.0');
  const { url, zmin, zmax, tilePixelRatio } = xyztiles.attributes;
  assert.deepEqual([url, zmin, zmax, tilePixelRatio], [text, '0', '20', '2']);
  assert.match(way('QGIS', 'address', 'wmts').text, /SERVICE=WMTS/);
});

test('OsmAnd takes a link, or its template, by numbers', () => {
  const { searchParams, pathname, host } = new URL(way('OsmAnd', 'link').text);
  assert.deepEqual([host, pathname], ['osmand.net', '/add-tile-source']);
  assert.deepEqual([searchParams.get('min_zoom'), searchParams.get('max_zoom')], ['0', '20']);
  const template = searchParams.get('url_template') ?? '';
  assert.equal(filled(template, { 0: 13, 1: x, 2: y }), tile);
  assert.equal(way('OsmAnd', 'address').text, template);
  assert.doesNotMatch(way('OsmAnd', 'link').text, /[{}]/);
});

test('Gaia GPS takes a template, Locus a file of providers whose zooms are eight more', () => {
  assert.equal(filled(way('Gaia', 'address').text, { z: 13, x, y }), tile);
  const { provider, url, zoomPart, zoomMin, zoomMax, tileSize } = elements(way('Locus', 'file').text);
  assert.ok(Number(provider.attributes.id) >= 1000);
  assert.equal(provider.attributes.type, '0');
  assert.equal(filled(url.text, { z: 13, x, y }), tile);
  assert.deepEqual(
    [zoomPart, zoomMin, zoomMax, tileSize].map(({ text }) => text),
    ['{z}-8', '8', '28', '256'],
  );
});

test('Leaflet, MapLibre and OpenLayers are given sources of the right sizes', () => {
  const given: Record<string, unknown>[] = [];
  const map = {
    addSource: (id: string, source: object) => given.push({ id, ...source }),
    addLayer: (layer: object) => given.push({ ...layer }),
  };
  const tileLayer = (url: string, options: object) => ({
    addTo: (to: unknown) => given.push({ url, ...options, to }),
  });
  run(way('Leaflet', 'code').text, { L: { tileLayer }, map });
  assert.deepEqual(given.splice(0), [
    { url: `${MAP}/{z}/{x}/{y}{r}.png?${QUERY}`, maxZoom: 22, maxNativeZoom: 20, to: map },
  ]);

  run(way('MapLibre', 'code').text, { map });
  const [source, layer] = given.splice(0);
  assert.deepEqual([source.type, source.tileSize, source.maxzoom], ['raster', 256, 20]);
  assert.equal(filled((source.tiles as string[])[0], { z: 13, x, y }), tile2x);
  assert.equal(layer.source, source.id);

  class Holder {
    constructor(options: object) {
      Object.assign(this, options);
    }
  }
  run(way('OpenLayers', 'code').text, { ol: { layer: { Tile: Holder }, source: { XYZ: Holder } }, map });
  const { url, tilePixelRatio, maxZoom } = given[0].source as {
    url: string;
    tilePixelRatio: number;
    maxZoom: number;
  };
  assert.deepEqual([filled(url, { z: 13, x, y }), tilePixelRatio, maxZoom], [tile2x, 2, 20]);
});

test('Google Maps asks beyond every edge, and gets the tiles there are', () => {
  interface ImageMapType {
    tileSize: { width: number; height: number };
    maxZoom: number;
    getTileUrl(coord: { x: number; y: number }, zoom: number): string | null;
  }
  const overlays: ImageMapType[] = [];
  const maps = {
    Size: class {
      width: number;
      height: number;
      constructor(width: number, height: number) {
        this.width = width;
        this.height = height;
      }
    },
    ImageMapType: class {
      constructor(options: ImageMapType) {
        Object.assign(this, options);
      }
    },
  };
  const window = { devicePixelRatio: 1 };
  run(way('Google', 'code').text, { google: { maps }, map: { overlayMapTypes: overlays }, window });
  const [{ tileSize, getTileUrl }] = overlays;
  assert.deepEqual({ ...tileSize }, { width: 256, height: 256 });
  const across = 2 ** 13;
  for (const column of [x, x - across, x + across, x - 3 * across]) {
    assert.equal(getTileUrl({ x: column, y }, 13), tile);
  }
  for (const row of [-1, across, across + y]) assert.equal(getTileUrl({ x, y: row }, 13), null);
  assert.equal(getTileUrl({ x: 0, y: 0 }, 21), null);
  window.devicePixelRatio = 2;
  assert.equal(getTileUrl({ x, y }, 13), tile2x);
});

/**
 * What iD notes of a custom background in the public changeset (`imageryUsed` of the custom source in its
 * renderer/background_source): the template, with some parameters of the query and the first word after `token/`
 * taken out. Rapid, made from it, does the same.
 */
function notedByEditors(template: string): string {
  const [path, query] = template.split('?', 2);
  const parameters = new URLSearchParams(query);
  for (const name of ['access_token', 'connectId', 'token', 'Signature']) {
    if (parameters.has(name)) parameters.set(name, '{apikey}');
  }
  const noted = query === undefined ? path : `${path}?${parameters}`;
  return noted.replace(/token\/\w+/, 'token/{apikey}').replace(/key=\w+/, 'key={apikey}');
}

test('what iD writes into public changesets opens nothing', () => {
  const origins = [
    'https://heat.example',
    'http://127.0.0.1:8080',
    'http://[::1]:8080',
    'https://token.example',
    'https://my-token:8443',
    'https://my-token',
    'https://tokens',
  ];
  let seen = 0;
  for (const origin of origins) {
    for (const query of ['', QUERY]) {
      for (let at = 0; at < 20; at++) {
        const key = makeUrlKey();
        for (const { text } of programs({ origin, key, query }).filter(({ name }) => name.startsWith('iD'))) {
          seen++;
          const noted = notedByEditors(text);
          for (let from = 0; from + 8 <= key.length; from++)
            assert.ok(!noted.includes(key.slice(from, from + 8)), noted);
          assert.ok(noted.includes('/tiles/token/{apikey}/{zoom}/{x}/{y}'));
        }
      }
    }
  }
  assert.equal(seen, (origins.length - 1) * 40);
});

test('every way says what to do, and needs nothing but what is copied', () => {
  for (const { name, how, text, kind, fileName } of offered) {
    assert.match(how, /^[A-Z`].*[.]$/, name);
    assert.ok(text.includes(KEY), name);
    assert.equal(kind === 'file', fileName !== undefined);
  }
});
