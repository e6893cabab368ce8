/**
 * What the tones of a tile look like: 256 colours made from a gradient and an exposure, as the two PNG chunks
 * that `colour` puts into a tile.
 */
import { createHash } from 'node:crypto';
