import { mkdir } from 'node:fs/promises';
import type { Config } from '../config.ts';
import { writeDemoExport } from '../demo/write-export.ts';
import { serve } from './serve.ts';

/** Serves a made-up athlete, who comes in as everybody does: by a bulk export. */
export async function demo(config: Config, stopped: AbortSignal): Promise<void> {
  await mkdir(config.dataDir, { recursive: true });
  await serve(config, [await writeDemoExport(config.dataDir)], stopped);
}
