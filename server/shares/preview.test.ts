import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { GROUPS, type Group, SPORT_COLOURS } from '../heat/by-sport.ts';
import { outingAlong, type SharingServer, sharingServer } from '../testing/sharing.ts';

const HOME = { lng: 11.25, lat: 47.98 };

let server: SharingServer;
let share: SharingServer['share'];

before(async () => {
  server = await sharingServer();
  ({ share } = server);
  const ways: [sport: string, corners: [number, number][]][] = [
    [
      'Ride',
      [
        [0, 0],
        [5000, 1500],
        [9000, 400],
      ],
    ],
    [
      'Run',
      [
        [0, 0],
        [-3000, 1500],
        [10, 2000],
      ],
    ],
  ];
  await server.add(
    ways.map(([sport, corners], at) =>
      outingAlong(HOME, corners, { startedAt: 1.6e9 + at * 8_640_000, sport }),
    ),
  );
});
after(() => server.close());

const visit = (path: string, headers: Record<string, string> = {}) => server.ask('GET', path, null, headers);

test('the preview is a picture of what visitors see, in the size that is asked for', async () => {
  const { key } = await share({ name: 'Rides about the lake', palette: { color: 'glacier' } });
  const picture = await visit(`/s/${key}/preview.png`);
  assert.equal(picture.headers.get('content-type'), 'image/png');
  const { width, height } = await loadImage(picture.bytes);
  assert.deepEqual([width, height], [1200, 630]);
  const known = { 'if-none-match': picture.headers.get('etag')! };
  assert.equal((await visit(`/s/${key}/preview.png`, known)).status, 304);
  // as the crawlers of those who show a link do
  const together = await Promise.all(Array.from({ length: 5 }, () => visit(`/s/${key}/preview.png`)));
  for (const { status, bytes } of together) {
    assert.equal(status, 200);
    assert.ok(bytes.equals(picture.bytes));
  }
  const none = await share({ filter: { sport: 'Swim' } });
  assert.equal((await visit(`/s/${none.key}/preview.png`)).status, 200);
});

test('the preview of a share by sport is in the colours of its sports, and of no other', async () => {
  const coloursIn = async (filter: object) => {
    const { key } = await share({ filter, palette: { by: 'sport' } });
    const image = await loadImage((await visit(`/s/${key}/preview.png`)).bytes);
    const canvas = createCanvas(image.width, image.height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    // above the words
    const { data } = canvas.getImageData(0, 0, image.width, 480);
    const isThere = (group: Group) => {
      // of what was passed once, or hardly different
      const { colour } = SPORT_COLOURS.dark[group][0];
      const once = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
      for (let at = 0; at < data.length; at += 4) {
        if (once.every((byte, part) => Math.abs(data[at + part] - byte) < 12)) return true;
      }
      return false;
    };
    return GROUPS.filter(isThere);
  };
  assert.deepEqual(await coloursIn({}), ['rides', 'runs']);
  assert.deepEqual(await coloursIn({ sport: 'Run' }), ['runs']);
});
