import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes by name: files of a folder, or in memory without a folder. */
export class Blobs {
  private readonly memory = new Map<string, Buffer>();

  /** Takes the folder. Undefined: only in memory. */
  constructor(private readonly folder: string | undefined) {}

  /** Stores bytes under a name of letters, digits, `-`, `_` and `.`. */
  async put(name: string, bytes: Buffer): Promise<void> {
    const path = this.path(name);
    if (path === undefined) {
      this.memory.set(name, bytes);
      return;
    }
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, bytes);
  }

  /** Returns the bytes of a name. Undefined if there are none. */
  async get(name: string): Promise<Buffer | undefined> {
    const path = this.path(name);
    return path === undefined ? this.memory.get(name) : readFile(path).catch(() => undefined);
  }

  /** Deletes a name. */
  async delete(name: string): Promise<void> {
    const path = this.path(name);
    if (path === undefined) this.memory.delete(name);
    else await rm(path, { force: true });
  }

  private path(name: string): string | undefined {
    if (!/^[\w-][\w.-]*$/.test(name)) throw new Error(`"${name}" is not a name for bytes`);
    return this.folder === undefined ? undefined : join(this.folder, name);
  }
}
