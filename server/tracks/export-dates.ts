/** Dates as Strava writes them into an export: in the account's language, always in UTC. */

/** Languages whose names of months are known. */
const LANGUAGES = 'en de fr es it pt nl sv nb da fi pl cs sk ru uk tr hu ro el ca hr sl id ms vi';

/**
 * Makes a reader for the dates of one list, to Unix seconds, null where one cannot be read. All of them are
 * looked at first: 3/4/2024 alone does not tell day from month, but one of its neighbours does.
 */
export function dateReader(dates: readonly string[]): (date: string) => number | null {
  const monthFirst = isMonthFirst(dates);
  return (date) => readDate(date, monthFirst);
}

function readDate(date: string, monthFirst: boolean): number | null {
  // U+202F and the like stand before AM and PM
  const text = date.normalize('NFKC').trim();
  const clock =
    /(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?\s*(?:([ap])\.?\s*m\b\.?|(上午|午前|오전)|(下午|午後|오후))?/iu.exec(
      text.replace(/^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}/, (day) => ' '.repeat(day.length)),
    );
  const day = clock ? text.slice(0, clock.index) : text;
  const numbers = [...day.matchAll(/\d+/g)].map(([digits]) => digits);
  const [year, month, ofMonth] = calendarDay(day, numbers, monthFirst);
  const [hours, minutes, seconds] = clock ? clockTime(clock, text) : [0, 0, 0];
  const time = Date.UTC(year, month - 1, ofMonth, hours, minutes, seconds);
  const back = new Date(time);
  const sound =
    back.getUTCMonth() === month - 1 && back.getUTCDate() === ofMonth && hours < 24 && year > 1970;
  return sound ? time / 1000 : null;
}

function calendarDay(day: string, numbers: readonly string[], monthFirst: boolean): [number, number, number] {
  const none: [number, number, number] = [Number.NaN, Number.NaN, Number.NaN];
  if (numbers.length >= 3) {
    const [a, b, c] = numbers.map(Number);
    if (numbers[0].length === 4) return [a, b, c];
    if (numbers[2].length !== 4) return none;
    return monthFirst ? [c, a, b] : [c, b, a];
  }
  const month = monthIn(day);
  if (numbers.length < 2 || month === null) return none;
  const [a, b] = numbers.map(Number);
  return numbers[0].length === 4 ? [a, month, b] : [b, month, a];
}

function clockTime(clock: RegExpExecArray, text: string): [number, number, number] {
  let hours = Number(clock[1]);
  const before = /(上午|午前|오전)|(下午|午後|오후)/u.exec(text);
  const morning = clock[4]?.toLowerCase() === 'a' || before?.[1] !== undefined;
  const afternoon = clock[4]?.toLowerCase() === 'p' || before?.[2] !== undefined;
  if (afternoon && hours < 12) hours += 12;
  if (morning && hours === 12) hours = 0;
  return [hours, Number(clock[2]), Number(clock[3] ?? 0)];
}

/** Whether 3/4/2024 is the fourth of March: by a date that can only be read one way, else by the clock's AM and PM. */
function isMonthFirst(dates: readonly string[]): boolean {
  let halfDays = false;
  for (const date of dates) {
    const parts = /^\s*(\d{1,2})([./-])(\d{1,2})\2\d{4}/.exec(date);
    if (!parts) continue;
    if (parts[2] === '.' || Number(parts[1]) > 12) return false;
    if (Number(parts[3]) > 12) return true;
    if (/\b[ap]\.?\s?m\b/i.test(date)) halfDays = true;
  }
  return halfDays;
}

let months: Map<string, number> | null = null;

/** The number of the month named in a text, 1 to 12; null if none is. */
function monthIn(text: string): number | null {
  months ??= monthNames();
  for (const word of text.toLowerCase().split(/[^\p{L}]+/u)) {
    for (const length of [word.length, 5, 4, 3]) {
      const month = months.get(word.slice(0, length));
      if (month !== undefined) return month;
    }
  }
  return null;
}

/** Names and abbreviations; one that means different months in different languages is left out. */
function monthNames(): Map<string, number> {
  const names = new Map<string, number>();
  const disputed = new Set<string>();
  for (const language of LANGUAGES.split(' ')) {
    for (const style of ['long', 'short'] as const) {
      for (const withDay of [true, false]) {
        const format = new Intl.DateTimeFormat(language, {
          month: style,
          timeZone: 'UTC',
          ...(withDay ? { day: 'numeric' } : {}),
        });
        for (let month = 1; month <= 12; month++) {
          const part = format
            .formatToParts(Date.UTC(2023, month - 1, 15))
            .find(({ type }) => type === 'month');
          const word = part?.value.toLowerCase().replace(/[^\p{L}]+$/u, '') ?? '';
          if (!/^\p{L}{2,}$/u.test(word)) continue;
          if ((names.get(word) ?? month) !== month) disputed.add(word);
          names.set(word, month);
        }
      }
    }
  }
  for (const word of disputed) names.delete(word);
  return names;
}
