/**
 * How dates, times and numbers are written. The words are English: whoever reads English has them as where theirs is
 * from, anybody else as in Britain, with the day before the month as almost everywhere. `preferred`: a BCP 47 tag.
 */
export function languageOf(preferred: string): string {
  return /^en\b/i.test(preferred) ? preferred : 'en-GB';
}

export const LANGUAGE = languageOf(navigator.language);
