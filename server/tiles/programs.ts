import { MAX_ZOOM } from '../geo/tile.ts';
import { escapeXml } from './xml.ts';

/** How one map program is given a map's tiles. */
export interface MapProgram {
  /** As it calls itself; two ways into one program bear the same name. */
  name: string;
  /** What `text` is: an address to paste, a link to open on the phone, a file to save under `fileName`, or code. */
  kind: 'address' | 'link' | 'file' | 'code';
  /** What to do with it, in a sentence. */
  how: string;
  /** What is copied. */
  text: string;
  fileName?: string;
}

export interface ProgramsOptions {
  /** Where the server is reached, without a slash at the end. */
  origin: string;
  /** An owner key, or the key of a share. */
  key: string;
  /** What of the map is asked for, as a tile's URL has it; empty: all of it, in its own colours. */
  query?: string;
}

/** OSM's editors begin at zoom 2. */
const EDITOR_ZOOMS = `2,${MAX_ZOOM}`;

/** Each program's own spelling of a map's URL, ready to be copied. */
export function programs({ origin, key, query = '' }: ProgramsOptions): MapProgram[] {
  const map = `${origin}/tiles/token/${key}`;
  const asked = query && `?${query}`;
  const wmts = `${map}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities${query && `&${query}`}`;
  const standard = `${map}/{z}/{x}/{y}.png${asked}`;
  const fine = `${map}/{z}/{x}/{y}@2x.png${asked}`;
  const osmAnd = `${map}/{0}/{1}/{2}.png${asked}`;
  return [
    ...(masksKeys(origin) ? [forId(`${map}/{zoom}/{x}/{y}{@2x}.png${asked}`)] : []),
    {
      name: 'JOSM',
      kind: 'address',
      how: 'Imagery → Imagery preferences → +TMS: paste it into the field of the TMS URL.',
      text: `tms[${EDITOR_ZOOMS}]:${map}/{zoom}/{x}/{y}.png${asked}`,
    },
    {
      name: 'JOSM',
      kind: 'address',
      how: 'By WMTS instead: Imagery → Imagery preferences → +WMTS, paste it as the service URL.',
      text: wmts,
    },
    {
      name: 'QGIS',
      kind: 'address',
      how: `Browser → XYZ Tiles → New Connection: paste it as the URL, zooms 0 to ${MAX_ZOOM}, tile resolution High.`,
      text: fine,
    },
    {
      name: 'QGIS',
      kind: 'file',
      how: 'Or save it as a file, then Browser → XYZ Tiles → Load Connections.',
      text: qgisConnections(fine),
      fileName: 'pathglow-qgis.xml',
    },
    {
      name: 'QGIS',
      kind: 'address',
      how: 'By WMTS instead: Layer → Add Layer → Add WMS/WMTS Layer → New, paste it as the URL.',
      text: wmts,
    },
    {
      name: 'OsmAnd',
      kind: 'link',
      how: 'Open it on the phone and choose OsmAnd; elsewhere it would tell the key to osmand.net.',
      text: `https://osmand.net/add-tile-source?${osmAndQuery(osmAnd)}`,
    },
    {
      name: 'OsmAnd',
      kind: 'address',
      how: 'Or by hand: add an online map source with it as the URL, and show that as the overlay map.',
      text: osmAnd,
    },
    {
      name: 'Gaia GPS',
      kind: 'address',
      how: `On gaiagps.com, add a custom map source with it as the URL, zooms 0 to ${MAX_ZOOM}; then add that to your layers.`,
      text: standard,
    },
    {
      name: 'Locus Map',
      kind: 'file',
      how: 'Save it on the phone in Locus/mapsOnline/custom, start Locus again, and choose it as the overlay map.',
      text: locusProviders(standard),
      fileName: 'pathglow-locus.xml',
    },
    {
      name: 'Leaflet',
      kind: 'code',
      how: 'Add it to your page, where `map` is your map.',
      text: `L.tileLayer(${quoted(`${map}/{z}/{x}/{y}{r}.png${asked}`)}, {
  maxZoom: 22,
  maxNativeZoom: ${MAX_ZOOM},
}).addTo(map);`,
    },
    {
      name: 'MapLibre GL JS',
      kind: 'code',
      how: 'Add it to your page, where `map` is your map and has loaded.',
      text: `map.addSource('pathglow', {
  type: 'raster',
  tiles: [${quoted(fine)}],
  tileSize: 256,
  maxzoom: ${MAX_ZOOM},
});
map.addLayer({ id: 'pathglow', type: 'raster', source: 'pathglow' });`,
    },
    {
      name: 'OpenLayers',
      kind: 'code',
      how: 'Add it to your page, where `map` is your map.',
      text: `map.addLayer(
  new ol.layer.Tile({
    source: new ol.source.XYZ({
      url: ${quoted(fine)},
      tilePixelRatio: 2,
      maxZoom: ${MAX_ZOOM},
    }),
  }),
);`,
    },
    {
      name: 'Google Maps',
      kind: 'code',
      how: 'Add it to your page, where `map` is your map.',
      text: google(map, asked),
    },
    {
      name: 'Any other',
      kind: 'address',
      how: `Where {z}/{x}/{y} is asked for: tiles of 256 pixels, zooms 0 to ${MAX_ZOOM}.`,
      text: standard,
    },
    {
      name: 'Any other',
      kind: 'address',
      how: 'Where TileJSON is asked for.',
      text: `${map}/tile.json${asked}`,
    },
  ];
}

/**
 * iD writes the URL of a custom background into public changesets, with the word after the first `token/` masked.
 * A server whose own name ends so would have another word masked in place of the key: it is not offered to iD.
 */
function masksKeys(origin: string): boolean {
  return !origin.endsWith('token');
}

function forId(text: string): MapProgram {
  return {
    name: 'iD (openstreetmap.org)',
    kind: 'address',
    how:
      'Background settings (B) → Custom → …: paste it. ' +
      "What iD publishes leaves the key out, the address of its page does not: don't pass that on.",
    text,
  };
}

function qgisConnections(url: string): string {
  return `<!DOCTYPE connections>
<qgsXYZTilesConnections version="1.0">
  <xyztiles name="Pathglow" url="${escapeXml(url)}" zmin="0" zmax="${MAX_ZOOM}" tilePixelRatio="2" authcfg="" username="" password="" referer=""/>
</qgsXYZTilesConnections>
`;
}

function osmAndQuery(template: string): string {
  return `name=Pathglow&min_zoom=0&max_zoom=${MAX_ZOOM}&url_template=${encodeURIComponent(template)}`;
}

/** Numbers below 1000 are Locus' own. */
const LOCUS_ID = 7284;

function locusProviders(url: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<providers>
  <provider id="${LOCUS_ID}" type="0" visible="true" background="-1">
    <name>Pathglow</name>
    <mode>Heat</mode>
    <url><![CDATA[${url}]]></url>
    <zoomPart>{z}-8</zoomPart>
    <zoomMin>8</zoomMin>
    <zoomMax>${MAX_ZOOM + 8}</zoomMax>
    <tileSize>256</tileSize>
  </provider>
</providers>
`;
}

/** Google's map repeats the world sideways, and asks overlays for zooms beyond the last. */
function google(map: string, asked: string): string {
  return `map.overlayMapTypes.push(
  new google.maps.ImageMapType({
    name: 'Pathglow',
    tileSize: new google.maps.Size(256, 256),
    maxZoom: ${MAX_ZOOM},
    getTileUrl({ x, y }, zoom) {
      const across = 2 ** zoom;
      if (zoom > ${MAX_ZOOM} || y < 0 || y >= across) return null;
      const column = ((x % across) + across) % across;
      const scale = window.devicePixelRatio > 1 ? '@2x' : '';
      return ${quoted(`${map}/`)} + zoom + '/' + column + '/' + y + scale + ${quoted(`.png${asked}`)};
    },
  }),
);`;
}

/** As JavaScript has text. */
function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll("'", "\\'")}'`;
}
