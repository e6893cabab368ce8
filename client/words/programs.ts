/** The words of the window about other map programs. */
export const PROGRAMS = {
  title: 'Use in other programs',
  about:
    'Your map can be a layer in other map programs. They open it with a key. Whoever has the key sees all of your activities, your home too, until you revoke it.',
  namePlaceholder: 'Such as “QGIS at home”',
  make: 'Make a key',
  keys: 'Your keys',
  rename: 'Rename',
  revokeQuestion: (name: string) => `Revoke “${name}”? Programs that use it stop showing your map.`,
  fresh: (name: string) => `The key “${name}”`,
  once: 'The key is shown only now: copy what your program needs before you close this.',
  key: 'The key itself',
  program: 'Program',
  carry: (chosen: string) => `Only what is chosen on the map: ${chosen}`,
  open: 'Open',
  saveFile: (name: string) => `Save ${name}`,
  kinds: { address: 'Address', link: 'Link', file: 'File', code: 'Code' },
} as const;
