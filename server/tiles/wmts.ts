import type { Bounds } from '../geo/tile.ts';
import { MAX_ZOOM } from '../geo/tile.ts';
import { drawnBounds } from './placed.ts';
import { escapeXml } from './xml.ts';

export interface WmtsParts {
  name: string;
  /** Where this document lies, absolute. */
  url: string;
  /** Absolute, with {z}, {x}, {y}. */
  template: string;
  extent: Bounds | null;
}

/** Where Web Mercator ends, in its metres: half the equator. */
const EDGE = '20037508.3427892';
/** Of zoom 0, for pixels of 0.28 mm, as OGC 07-057r7 counts. */
const WORLD_SCALE = 559082264.0287178;
const WORLD_BOUNDS = [-180, -85.0511287798066, 180, 85.0511287798066];

/**
 * The capabilities of a WMTS 1.0.0 server (OGC 07-057r7) with one layer, fetched by the template of its ResourceURL.
 * Elements stand in the schema's order; JOSM needs a set's CRS before its matrices, and QGIS the prefix `ows`.
 */
export function wmtsCapabilities({ name, url, template, extent }: WmtsParts): string {
  const [west, south, east, north] = extent ? drawnBounds(extent) : WORLD_BOUNDS;
  const resource = template
    .replace('{z}', '{TileMatrix}')
    .replace('{x}', '{TileCol}')
    .replace('{y}', '{TileRow}');
  const matrices = Array.from({ length: MAX_ZOOM + 1 }, (_, zoom) => matrix(zoom)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0">
  <ows:ServiceIdentification>
    <ows:Title>${escapeXml(name)}</ows:Title>
    <ows:ServiceType>OGC WMTS</ows:ServiceType>
    <ows:ServiceTypeVersion>1.0.0</ows:ServiceTypeVersion>
  </ows:ServiceIdentification>
  <ows:OperationsMetadata>${operation('GetCapabilities', url)}${operation('GetTile', url)}
  </ows:OperationsMetadata>
  <Contents>
    <Layer>
      <ows:Title>${escapeXml(name)}</ows:Title>
      <ows:WGS84BoundingBox>
        <ows:LowerCorner>${west} ${south}</ows:LowerCorner>
        <ows:UpperCorner>${east} ${north}</ows:UpperCorner>
      </ows:WGS84BoundingBox>
      <ows:Identifier>heat</ows:Identifier>
      <Style isDefault="true">
        <ows:Identifier>default</ows:Identifier>
      </Style>
      <Format>image/png</Format>
      <TileMatrixSetLink>
        <TileMatrixSet>GoogleMapsCompatible</TileMatrixSet>
      </TileMatrixSetLink>
      <ResourceURL format="image/png" resourceType="tile" template="${escapeXml(resource)}"/>
    </Layer>
    <TileMatrixSet>
      <ows:Identifier>GoogleMapsCompatible</ows:Identifier>
      <ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS>
      <WellKnownScaleSet>urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible</WellKnownScaleSet>${matrices}
    </TileMatrixSet>
  </Contents>
  <ServiceMetadataURL xlink:href="${escapeXml(url)}"/>
</Capabilities>
`;
}

function operation(name: string, url: string): string {
  return `
    <ows:Operation name="${name}">
      <ows:DCP>
        <ows:HTTP>
          <ows:Get xlink:href="${escapeXml(url)}">
            <ows:Constraint name="GetEncoding">
              <ows:AllowedValues>
                <ows:Value>RESTful</ows:Value>
              </ows:AllowedValues>
            </ows:Constraint>
          </ows:Get>
        </ows:HTTP>
      </ows:DCP>
    </ows:Operation>`;
}

function matrix(zoom: number): string {
  const across = 2 ** zoom;
  return `
      <TileMatrix>
        <ows:Identifier>${zoom}</ows:Identifier>
        <ScaleDenominator>${WORLD_SCALE / across}</ScaleDenominator>
        <TopLeftCorner>-${EDGE} ${EDGE}</TopLeftCorner>
        <TileWidth>256</TileWidth>
        <TileHeight>256</TileHeight>
        <MatrixWidth>${across}</MatrixWidth>
        <MatrixHeight>${across}</MatrixHeight>
      </TileMatrix>`;
}
