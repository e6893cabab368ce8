import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languageOf } from './language.ts';

test('dates are written as where the English of a reader is from, and for others with the day first', () => {
  const written = (preferred: string) =>
    new Intl.DateTimeFormat(languageOf(preferred), { dateStyle: 'medium', timeZone: 'UTC' }).format(1.7e12);
  assert.deepEqual(['en-US', 'en', 'en-GB', 'en-AU', 'de-DE', 'enm', ''].map(written), [
    'Nov 14, 2023',
    'Nov 14, 2023',
    '14 Nov 2023',
    '14 Nov 2023',
    '14 Nov 2023',
    '14 Nov 2023',
    '14 Nov 2023',
  ]);
});
