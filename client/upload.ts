import { ApiError, errorOf } from './api.ts';
import type { Picked } from './drop.ts';

export interface Upload {
  /** The import's id. Rejects with an ApiError, of code 'aborted' after `abort`. */
  finished: Promise<string>;
  abort(): void;
}

/**
 * Sends files for import. `fetch` cannot tell how much of a body has been sent, so this is an XMLHttpRequest;
 * `onProgress` is given a share of 0 to 1.
 */
export function upload(files: readonly Picked[], onProgress: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  const finished = new Promise<string>((resolve, reject) => {
    const form = new FormData();
    for (const { path, file } of files) form.append('files', file, path);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status !== 202) return reject(errorOf(request.status, request.responseText));
      resolve((JSON.parse(request.responseText) as { id: string }).id);
    };
    request.onerror = () => reject(new ApiError(0, 'no_answer', ''));
    request.onabort = () => reject(new ApiError(0, 'aborted', ''));
    request.open('POST', '/api/imports');
    request.send(form);
  });
  return { finished, abort: () => request.abort() };
}
