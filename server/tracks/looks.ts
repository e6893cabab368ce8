import { sniff } from './parse.ts';

/** What a file among others looks like, so that pictures and lists beside recordings are not reported as failures. */

const RECORDING = /\.(gpx|tcx|fit)(\.gz)?$/i;
const FOREIGN = new RegExp(
  `\\.(${[
    'jpe?g|png|gif|heic|webp|tiff?|bmp|svg|mp4|mov|avi|m4v|mp3|wav',
    'pdf|docx?|xlsx?|pptx?|odt|ods|txt|md|rtf|csv|json|geojson|html?|kml|kmz|xsl|xsd|plist|ini|log|db|sqlite',
    'exe|dll|js|ts|py|tar|tar\\.gz|tgz|7z|rar|bz2|xz|jar|apk',
  ].join('|')})$`,
  'i',
);

/** By its name it is a recording: if it turns out not to be, that is told. */
export function isNamedAsRecording(name: string): boolean {
  return RECORDING.test(name);
}

/** By its name it is something else: it is left unopened. */
export function isNamedAsForeign(name: string): boolean {
  return FOREIGN.test(name);
}

export function isNamedAsZip(name: string): boolean {
  return /\.zip$/i.test(name);
}

/** By its first bytes it is a recording, whatever its name. A gzip tells nothing unless it has no other name. */
export function startsAsRecording(head: Buffer, name: string): boolean {
  switch (sniff(head)) {
    case 'fit':
      return true;
    case 'xml':
      return /<(\w+:)?(gpx|TrainingCenterDatabase)\b/i.test(head.toString('latin1').replaceAll('\0', ''));
    case 'gzip':
      return /(^|\/)[^./]+(\.gz)?$/i.test(name);
    default:
      return false;
  }
}

/** Text with commas or the like in its first line: it may be a list. */
export function startsAsList(head: Buffer): boolean {
  return !head.includes(0) && /[,;\t]/.test(head.toString('latin1').split('\n', 1)[0]);
}
