import type { Ground } from './contract.ts';

/** The line that somebody points at: inside and rim, for each ground. */
export const HIGHLIGHT: Record<Ground, { line: string; rim: string }> = {
  dark: { line: '#ffffff', rim: '#0b0e13' },
  light: { line: '#1257d6', rim: '#ffffff' },
};
export const LINE_WIDTH = 3;
export const RIM_WIDTH = 8;
