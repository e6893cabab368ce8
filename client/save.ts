/** Gives a file to the browser to keep. */
export function save(file: Blob, name: string) {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // the browser has begun by then, however slow it is
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
