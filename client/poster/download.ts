import { ApiError, errorOf } from '../api.ts';
import { PngChunks } from './png-chunks.ts';

/**
 * The poster that a query asks for. `onProgress` is told which share of it is drawn, 0 to 1. Rejects with an ApiError,
 * also where the answer breaks off, or with the reason of an aborted signal.
 */
export async function downloadPoster(
  query: string,
  { signal, onProgress }: { signal: AbortSignal; onProgress(share: number): void },
): Promise<Blob> {
  try {
    const answer = await fetch(`/api/poster.png?${query}`, { signal });
    if (!answer.ok) throw errorOf(answer.status, await answer.text());
    const bands = Number(answer.headers.get('poster-bands'));
    const chunks = new PngChunks();
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    const reader = answer.body!.getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      pieces.push(piece.value);
      chunks.push(piece.value);
      onProgress(bands > 0 ? chunks.count / bands : 0);
    }
    return new Blob(pieces, { type: 'image/png' });
  } catch (error) {
    if (signal.aborted || error instanceof ApiError) throw error;
    throw new ApiError(0, 'no_answer', (error as Error).message);
  }
}
