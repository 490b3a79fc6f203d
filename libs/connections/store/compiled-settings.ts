import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Database, errorText, prepare, type Transaction } from '#platform';
import { PackedParts, packParts, type SettingsCompiler } from '#provider-kit';
import { ConnectionSecrets } from '../connection-secrets.js';
import type { HostedModule } from '../hosted-modules.js';

/** Length of the sealed settings' beginning that identifies them. It contains their random part. */
export const SOURCE_LENGTH = 64;
/** Maximum number of accounts with opened settings in memory. */
const MOST_OPENED = 100;

/** Limits for parts that several accounts share, such as the places of a preset. They are in memory once. */
const SHARED = { most: 2_000, bytes: 8 * 1024 * 1024, leastLength: 256 };
/** Bytes read at each of four positions of a part to find an equal part. */
const SAMPLE_BYTES = 6;

/** SQL: stores nothing if the settings were replaced since, or if a newer version stored its own. */
const KEEP = prepare(
  'compiled-settings-keep',
  `INSERT INTO compiled_settings (connection_id, provider, format, source, sealed)
    SELECT id, $2, $3, $4, $5 FROM connection WHERE id = $1 AND left(settings_sealed, ${SOURCE_LENGTH}) = $4
    ON CONFLICT (connection_id, provider) DO UPDATE SET format = excluded.format, source = excluded.source, sealed = excluded.sealed
    WHERE compiled_settings.format <= excluded.format`,
);

/** How a module's settings are compiled. */
export interface CompiledForm {
  readonly provider: string;
  readonly compiler: SettingsCompiler<object>;
}

/** Returns how a module's settings are compiled. Undefined if every call reads the settings. */
export function findCompiledForm({ manifest, providers }: HostedModule): CompiledForm | undefined {
  const { code, compiler, bySettings } = manifest;
  // A combined module keeps its settings by provider (ADR 14).
  return compiler && !bySettings && providers.length === 1 ? { provider: code, compiler } : undefined;
}

/** Compiled settings. The parts are outside the heap. */
export class CompiledSettings {
  /** Total bytes of the parts. */
  readonly size: number;
  private first: object | undefined;

  /** Throws for parts that the compiler did not write. */
  constructor(
    /** The beginning of the sealed settings from which they were compiled. */
    readonly source: string,
    private readonly parts: readonly Buffer[],
    private readonly compiler: SettingsCompiler<object>,
    private readonly opened: OpenedSettings,
  ) {
    this.size = parts.reduce((sum, { length }) => sum + length, 0);
    this.first = compiler.open(parts);
  }

  open(): object {
    const { first } = this;
    this.first = undefined;
    return this.opened.get(this, () => first ?? this.compiler.open(this.parts));
  }
}

/** Keeps opened settings of accounts that return soon. For others they would be long-lived garbage. */
class OpenedSettings {
  private readonly opened = new LRUCache<CompiledSettings, object>({ max: MOST_OPENED });
  private readonly asked = new LRUCache<CompiledSettings, true>({ max: MOST_OPENED });

  get(settings: CompiledSettings, open: () => object): object {
    let opened = this.opened.get(settings);
    if (!opened) {
      opened = open();
      if (this.asked.has(settings)) this.opened.set(settings, opened);
      else this.asked.set(settings, true);
    }
    return opened;
  }
}

/** Finds equal parts that are already in memory. */
class SharedParts {
  private readonly known = new LRUCache<string, Buffer>({
    max: SHARED.most,
    maxSize: SHARED.bytes,
    sizeCalculation: ({ length }) => length,
  });

  /** Returns the parts of packed bytes: known equal parts, or copies that do not hold the packed bytes. */
  take(bytes: Buffer): Buffer[] {
    const packed = new PackedParts(bytes);
    const parts = Array.from({ length: packed.count }, (_, index) => packed.read(index));
    const found = parts.map((part) => this.find(part));
    const missing = parts.filter((_, index) => !found[index]);
    const copies = Buffer.allocUnsafeSlow(missing.reduce((sum, { length }) => sum + length, 0));
    let end = 0;
    return parts.map((part, index) => {
      const known = found[index];
      if (known) return known;
      part.copy(copies, end);
      const copy = copies.subarray(end, (end += part.length));
      if (part.length >= SHARED.leastLength) this.known.set(toSample(part), copy);
      return copy;
    });
  }

  private find(part: Buffer): Buffer | undefined {
    const known = part.length >= SHARED.leastLength ? this.known.get(toSample(part)) : undefined;
    return known?.equals(part) ? known : undefined;
  }
}

/** Returns the part's length and some of its bytes. Different parts usually differ here. */
function toSample(part: Buffer): string {
  const places = [0, 1, 2, 3].map((quarter) => Math.floor(((part.length - SAMPLE_BYTES) * quarter) / 3));
  return `${part.length} ${places.map((at) => part.toString('latin1', at, at + SAMPLE_BYTES)).join('')}`;
}

/** The columns of a row with compiled settings. Null if the settings must be compiled. */
export interface CompiledRow {
  readonly id: string;
  readonly compiledSource?: string | null;
  compiledSealed?: string | null;
}

/** Opens, compiles and stores compiled settings (docs/adr/0018-compiled-settings.md). */
@Injectable()
export class SettingsCompilation {
  private readonly logger = new Logger(SettingsCompilation.name);
  private readonly opened = new OpenedSettings();
  private readonly shared = new SharedParts();

  constructor(
    private readonly database: Database,
    private readonly secrets: ConnectionSecrets,
  ) {}

  /** Opens a row's compiled settings. Undefined if there are none or their bytes are broken. */
  open({ id, compiledSource, compiledSealed }: CompiledRow, { provider, compiler }: CompiledForm): CompiledSettings | undefined {
    if (!compiledSealed || !compiledSource) return undefined;
    try {
      const parts = this.shared.take(this.secrets.openCompiled(id, provider, compiledSealed));
      return new CompiledSettings(compiledSource, parts, compiler, this.opened);
    } catch (error) {
      this.logger.warn(`the compiled settings of connection ${id} are broken and made anew: ${errorText(error)}`);
      return undefined;
    }
  }

  /** Compiles settings and stores the result in the background. Undefined if the compiler rejects them. */
  make(id: string, sealed: string, readSettings: () => object, form: CompiledForm): CompiledSettings | undefined {
    try {
      const bytes = packParts(form.compiler.pack(readSettings()));
      const compiled = new CompiledSettings(readSource(sealed), this.shared.take(bytes), form.compiler, this.opened);
      this.database
        .run(KEEP, this.toRow(id, sealed, bytes, form))
        .catch((error: unknown) => this.logger.warn(`the compiled settings of connection ${id} were not stored: ${errorText(error)}`));
      return compiled;
    } catch (error) {
      // Calls that read the settings throw the same error.
      this.logger.debug(`the settings of connection ${id} were not compiled: ${errorText(error)}`);
      return undefined;
    }
  }

  /** Stores compiled settings in the transaction that replaces the settings. */
  async keep(tx: Transaction, id: string, sealed: string, settings: object, form: CompiledForm): Promise<void> {
    await tx.query(KEEP.text, this.toRow(id, sealed, packParts(form.compiler.pack(settings)), form));
  }

  private toRow(id: string, sealed: string, bytes: Uint8Array, { provider, compiler }: CompiledForm): unknown[] {
    return [id, provider, compiler.format, readSource(sealed), this.secrets.sealCompiled(id, provider, bytes)];
  }
}

/** Copies the text, because a slice would keep all settings in memory. */
function readSource(sealed: string): string {
  return Buffer.from(sealed.slice(0, SOURCE_LENGTH)).toString();
}
