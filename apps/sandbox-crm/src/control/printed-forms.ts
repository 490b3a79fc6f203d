import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The printed forms that modules answered: files in the data folder, or in memory without one. */
export class PrintedForms {
  private readonly memory = new Map<string, Buffer>();
  private last = 0;

  /** Takes the sandbox's data folder. */
  constructor(private readonly dataDir: string | undefined) {}

  /** Keeps a PDF and gives its file name. */
  async keep(title: string, pdf: Buffer): Promise<string> {
    this.last += 1;
    const name = `${title.replace(/[^a-z0-9-]/gi, '_')}-${Date.now()}-${this.last}.pdf`;
    if (this.dataDir === undefined) this.memory.set(name, pdf);
    else {
      await mkdir(join(this.dataDir, 'printed'), { recursive: true });
      await writeFile(join(this.dataDir, 'printed', name), pdf);
    }
    return name;
  }

  /** The PDF of this file name; undefined when there is none. */
  async read(name: string): Promise<Buffer | undefined> {
    if (!/^[\w-]+\.pdf$/.test(name)) return undefined;
    if (this.dataDir === undefined) return this.memory.get(name);
    return readFile(join(this.dataDir, 'printed', name)).catch(() => undefined);
  }
}
