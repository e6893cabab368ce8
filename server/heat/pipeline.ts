/**
 * Names everything a pixel depends on beside the tracks themselves: levels and their encoding, line widths,
 * raster, tone and the PNG's bytes. Raise it with any change of those: addresses, and so caches, begin anew.
 */
export const PIPELINE_VERSION = 1;
