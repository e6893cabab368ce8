import { crc32, deflateRawSync } from 'node:zlib';

/** A file in an archive; what is not given is as it should be. */
export interface ZipMember {
  name: string;
  bytes: Uint8Array;
  stored?: boolean;
  /** What the archive claims instead of the truth. */
  size?: number;
  method?: number;
  encrypted?: boolean;
  symlink?: boolean;
}

/** Writes a zip file, an unsafe or lying one too if asked for. */
export function zipFile(members: readonly ZipMember[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const {
    name,
    bytes,
    stored = false,
    size = bytes.length,
    encrypted = false,
    symlink = false,
    ...rest
  } of members) {
    const packed = stored ? Buffer.from(bytes) : deflateRawSync(bytes);
    const method = rest.method ?? (stored ? 0 : 8);
    const label = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800 | (encrypted ? 1 : 0), 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(label.length, 22);
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, label, packed]);
    const entry = Buffer.alloc(46);
    entry.set([0x50, 0x4b, 1, 2, 20, 3]);
    common.copy(entry, 6);
    if (symlink) entry.writeUInt32LE(0xa1ff * 2 ** 16, 38);
    entry.writeUInt32LE(offset, 42);
    directory.push(Buffer.concat([entry, label]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.set([0x50, 0x4b, 5, 6]);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}
