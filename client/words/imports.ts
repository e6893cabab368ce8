import type { Outcome } from '../api/imports.ts';

/** The words of the list that tells what became of each file of an import. */
export const FILES = {
  title: 'What became of each file',
  all: 'All',
  outcomes: {
    added: 'New',
    merged: 'Second recordings',
    known: 'Here already',
    failed: 'Not added',
  } satisfies Record<Outcome, string>,
  none: 'None yet.',
  activity: 'New:',
  several: (count: string) => `${count} new activities, the first:`,
  merged: 'Another recording of',
  known: 'The same as',
  knownOnly: 'Here already.',
  gone: 'Deleted since.',
  noTrack: 'Without a track, so it is not on the map.',
  whole: 'The import',
  /** What was wrong with a file and could be passed over. */
  notes: {
    truncated: 'The file ends too early; all before its end is here.',
    damaged_end: 'The end of the file is damaged; all before it is here.',
    damaged_part: 'A part of the file is damaged; the rest of it is here.',
  } as Record<string, string>,
} as const;
