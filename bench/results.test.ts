import assert from 'node:assert/strict';
import test from 'node:test';
import { renewed } from './results.ts';

const order = ['raster', 'tiles', 'viewer'];
const DOCUMENT = '# Results\n\nHow to read them.\n\n## raster\n\nold\n\n### A table\n\n## viewer\n\nframes\n';

test('one suite is renewed, the others stay as they are', () => {
  const now = renewed(DOCUMENT, { suite: 'raster', section: 'new\n\n### Its table', order });
  assert.equal(now, DOCUMENT.replace('old\n\n### A table', 'new\n\n### Its table'));
  assert.equal(renewed(now, { suite: 'raster', section: 'old\n\n### A table', order }), DOCUMENT);
});

test('what was never measured goes where it belongs; a suite that there is no more goes', () => {
  const now = renewed(DOCUMENT, { suite: 'tiles', section: 'cold', order });
  assert.equal(now, DOCUMENT.replace('## viewer', '## tiles\n\ncold\n\n## viewer'));
  assert.equal(
    renewed(now, { suite: 'tiles', section: 'cold', order: ['tiles', 'viewer'] }),
    now.replace(/## raster.*?(?=## tiles)/s, ''),
  );
});
