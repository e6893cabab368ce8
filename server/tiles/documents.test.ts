import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { type SaxesAttributeNS, SaxesParser } from 'saxes';
import { makeUrlKey } from '../athletes/url-keys.ts';
import { MAX_LATITUDE, WORLD_SIZE } from '../geo/mercator.ts';
import { MAX_ZOOM } from '../geo/tile.ts';
import fc from '../testing/fast-check.ts';
import { tileAt } from '../testing/sample-activities.ts';
import { testTileApp } from '../testing/tile-app.ts';
import { placed } from './placed.ts';

const KEY = makeUrlKey();
const BASE = `https://heat.example/tiles/token/${KEY}`;
const NAME = `Rides & <runs> of "A.\u0000 B."`;
let app: FastifyInstance;
let close: () => Promise<void>;

before(async () => {
  ({ app, close } = await testTileApp({
    activities: 10,
    publicUrl: 'https://heat.example',
    fromStrava: true,
    maps: (own) => ({ [KEY]: { ...own, name: NAME } }),
  }));
});
after(() => close());

/** What this server answers to an absolute URL of its own. */
const at = (url: string) => app.inject(url.replace('https://heat.example', ''));

test('TileJSON describes tiles of either size, which are there, and nothing beyond the last zoom', async () => {
  const { x, y } = tileAt(12, () => 0.5);
  for (const [file, size, suffix] of [
    ['tile.json', 256, ''],
    ['tile@2x.json', 512, '@2x'],
  ] as const) {
    const answer = await at(`${BASE}/${file}?sport=Ride,Run&hot=20&unknown=1`);
    assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
    const json = answer.json();
    assert.equal(json.tilejson, '3.0.0');
    assert.deepEqual(json.tiles, [`${BASE}/{z}/{x}/{y}${suffix}.png?sport=Ride%2CRun&hot=20`]);
    assert.deepEqual([json.scheme, json.minzoom, json.maxzoom, json.tileSize], ['xyz', 0, MAX_ZOOM, size]);
    assert.equal(json.name, NAME);
    assert.equal(json.attribution, 'Heat by Pathglow, powered by Strava');
    assert.equal(json.fromStrava, true);
    const urlOf = (z: number, column: number, row: number) =>
      json.tiles[0].replace('{z}', z).replace('{x}', column).replace('{y}', row);
    const { rawPayload } = await at(urlOf(12, x, y));
    assert.equal(rawPayload.readUInt32BE(16), size);
    assert.equal((await at(urlOf(MAX_ZOOM, 0, 0))).statusCode, 200);
    assert.equal((await at(urlOf(MAX_ZOOM + 1, 0, 0))).statusCode, 404);
  }
});

test('bounds never wrap, hold all that is drawn, and the centre lies within', () => {
  const side = fc.tuple(
    fc.integer({ min: 0, max: WORLD_SIZE - 1 }),
    fc.integer({ min: 0, max: WORLD_SIZE - 1 }),
  );
  const home = fc.option(
    fc.record({
      lng: fc.double({ min: -180, max: 180, noNaN: true }),
      lat: fc.double({ min: -85, max: 85, noNaN: true }),
    }),
  );
  fc.assert(
    fc.property(side, side, home, (a, b, most) => {
      const [minX, maxX] = [Math.min(...a), Math.max(...a)];
      const [minY, maxY] = [Math.min(...b), Math.max(...b)];
      const { bounds, center } = placed({ minX, minY, maxX, maxY }, most);
      const [west, south, east, north] = bounds;
      assert.ok(west >= -180 && west < east && east <= 180);
      assert.ok(south >= -MAX_LATITUDE - 1e-9 && south < north && north <= MAX_LATITUDE + 1e-9);
      const [lng, lat, zoom] = center;
      assert.ok(lng >= west && lng <= east && lat >= south && lat <= north);
      assert.ok(Number.isInteger(zoom) && zoom >= 0 && zoom <= MAX_ZOOM);
      // at that zoom all of it is no larger than a tile, or it is a look at where most of it is
      const isAll = Math.max(maxX - minX, maxY - minY) <= WORLD_SIZE / 2 ** zoom;
      assert.ok(isAll || (most !== null && zoom === 10));
    }),
  );
});

interface Element {
  /** As it is written, prefix included. */
  name: string;
  uri: string;
  attributes: Record<string, string>;
  text: string;
  children: Element[];
}

/** The document as a tree. Throws where it is not well-formed, namespaces included. */
function parsed(xml: string): Element {
  const root: Element = { name: '', uri: '', attributes: {}, text: '', children: [] };
  const open = [root];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => assert.fail(error));
  parser.on('opentag', ({ name, uri, attributes }) => {
    const named = Object.entries(attributes).map(([key, { value }]: [string, SaxesAttributeNS]) => [
      key,
      value,
    ]);
    const element = { name, uri, attributes: Object.fromEntries(named), text: '', children: [] };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    open.at(-1)!.text += text.trim();
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  return root.children[0];
}

const all = ({ children }: Element, name: string) => children.filter((child) => child.name === name);
const one = (element: Element, ...path: string[]): Element =>
  path.reduce((from, name) => {
    const found = all(from, name);
    assert.equal(found.length, 1, `${from.name} has one ${name}`);
    return found[0];
  }, element);
const order = ({ children }: Element) => [...new Set(children.map(({ name }) => name))];

test('WMTS capabilities are what their schema, JOSM and QGIS ask for', async () => {
  // QGIS takes a URL for one of WMTS by SERVICE=WMTS, and adds what it likes
  const answer = await at(`${BASE}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities&color=glacier&sport=Ride,Run`);
  assert.equal(answer.statusCode, 200);
  assert.match(String(answer.headers['content-type']), /^application\/xml/);
  assert.equal(answer.headers['access-control-allow-origin'], '*');
  const root = parsed(answer.body);
  assert.deepEqual(
    [root.name, root.uri, root.attributes.version],
    ['Capabilities', 'http://www.opengis.net/wmts/1.0', '1.0.0'],
  );
  assert.deepEqual(order(root), [
    'ows:ServiceIdentification',
    'ows:OperationsMetadata',
    'Contents',
    'ServiceMetadataURL',
  ]);
  assert.equal(one(root, 'ows:ServiceIdentification', 'ows:ServiceType').text, 'OGC WMTS');
  assert.equal(one(root, 'ows:ServiceIdentification', 'ows:Title').uri, 'http://www.opengis.net/ows/1.1');

  // JOSM fetches tiles by the layer's template if GetTile is said to be RESTful
  for (const operation of all(one(root, 'ows:OperationsMetadata'), 'ows:Operation')) {
    const get = one(operation, 'ows:DCP', 'ows:HTTP', 'ows:Get');
    const constraint = one(get, 'ows:Constraint');
    assert.equal(constraint.attributes.name, 'GetEncoding');
    assert.equal(one(constraint, 'ows:AllowedValues', 'ows:Value').text, 'RESTful');
    assert.equal((await at(get.attributes['xlink:href'])).statusCode, 200);
  }

  const layer = one(root, 'Contents', 'Layer');
  assert.deepEqual(order(layer), [
    'ows:Title',
    'ows:WGS84BoundingBox',
    'ows:Identifier',
    'Style',
    'Format',
    'TileMatrixSetLink',
    'ResourceURL',
  ]);
  assert.equal(one(layer, 'ows:Title').text, NAME.replace('\u0000', ''));
  assert.equal(one(layer, 'Style').attributes.isDefault, 'true');
  assert.ok(one(layer, 'Style', 'ows:Identifier').text);
  assert.equal(one(layer, 'Format').text, 'image/png');
  const corners = ['ows:LowerCorner', 'ows:UpperCorner'].map((corner) =>
    one(layer, 'ows:WGS84BoundingBox', corner).text.split(' ').map(Number),
  );
  assert.deepEqual(corners.flat(), (await at(`${BASE}/tile.json?sport=Ride,Run`)).json().bounds);

  const set = one(root, 'Contents', 'TileMatrixSet');
  assert.equal(one(layer, 'TileMatrixSetLink', 'TileMatrixSet').text, one(set, 'ows:Identifier').text);
  assert.deepEqual(order(set), ['ows:Identifier', 'ows:SupportedCRS', 'WellKnownScaleSet', 'TileMatrix']);
  assert.equal(one(set, 'ows:SupportedCRS').text, 'urn:ogc:def:crs:EPSG::3857');
  assert.equal(one(set, 'WellKnownScaleSet').text, 'urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible');

  const { template, format, resourceType } = one(layer, 'ResourceURL').attributes;
  assert.deepEqual([format, resourceType], ['image/png', 'tile']);
  const matrices = all(set, 'TileMatrix');
  assert.equal(matrices.length, MAX_ZOOM + 1);
  for (const [zoom, matrix] of matrices.entries()) {
    assert.deepEqual(order(matrix), [
      'ows:Identifier',
      'ScaleDenominator',
      'TopLeftCorner',
      'TileWidth',
      'TileHeight',
      'MatrixWidth',
      'MatrixHeight',
    ]);
    const text = (name: string) => one(matrix, name).text;
    // the scale set's own numbers, as OGC 07-057r7 prints them
    assert.ok(Math.abs(Number(text('ScaleDenominator')) * 2 ** zoom - 559082264.0287178) < 1e-5);
    assert.equal(text('TopLeftCorner'), '-20037508.3427892 20037508.3427892');
    assert.deepEqual([text('TileWidth'), text('TileHeight')], ['256', '256']);
    assert.deepEqual([text('MatrixWidth'), text('MatrixHeight')], [String(2 ** zoom), String(2 ** zoom)]);

    const { x, y } = tileAt(zoom, () => 0.5);
    const url = template
      .replace('{TileMatrix}', text('ows:Identifier'))
      .replace('{TileCol}', String(x))
      .replace('{TileRow}', String(y));
    assert.doesNotMatch(url, /[{}]/);
    const [tile, direct] = [
      await at(url),
      await at(`${BASE}/${zoom}/${x}/${y}.png?color=glacier&sport=Ride,Run`),
    ];
    assert.equal(tile.statusCode, 200);
    assert.deepEqual(tile.rawPayload, direct.rawPayload);
  }
});

test('documents of nobody are not there, and bad questions are refused', async () => {
  for (const file of ['tile.json', 'tile@2x.json', 'wmts']) {
    assert.equal((await app.inject(`/tiles/token/${makeUrlKey()}/${file}`)).statusCode, 404);
    for (const query of ['from=never', 'color=nobody', 'hot=0']) {
      assert.equal((await at(`${BASE}/${file}?${query}`)).statusCode, 400, query);
    }
    const mine = await app.inject({ url: `/tiles/me/${file}`, headers: { cookie: 'signed in' } });
    assert.equal(mine.statusCode, 200);
    assert.ok(mine.body.includes('https://heat.example/tiles/me/'));
  }
});
