import type { AsteriskSettings } from './asterisk.settings.js';

/** `PJSIP/101` of `PJSIP/101-0000002a`, `Local/101` of `Local/101@from-internal-00000003;1`. */
function readPeer(channel: string): { technology: string; peer: string } {
  const slash = channel.indexOf('/');
  const name = channel
    .slice(slash + 1)
    .replace(/;[12]$/, '')
    .replace(/-[0-9a-f]+$/i, '');
  const technology = channel.slice(0, Math.max(slash, 0));
  // The peer of a SIP channel has no @. A Local one is extension@context.
  return { technology, peer: technology === 'Local' ? (name.split('@')[0] ?? name) : name };
}

/** Whether a channel is one of the pairs that only join others. */
export function isLocal(channel: string): boolean {
  return channel.startsWith('Local/');
}

/** Reads channel names and numbers by a connection's settings. */
export class AsteriskNumbers {
  private readonly byPeer = new Map<string, string>();
  private readonly codes = new Set<string>();

  constructor(private readonly settings: AsteriskSettings) {
    for (const { code, channel } of settings.extensions) {
      this.codes.add(code);
      this.byPeer.set((channel ?? `${settings.technology}/${code}`).replace(/^Local\/([^@]*).*$/, 'Local/$1'), code);
    }
  }

  /** The extension whose phone a channel is. Undefined for an outside line. */
  findCode(channel: string): string | undefined {
    const { technology, peer } = readPeer(channel);
    const listed = this.byPeer.get(`${technology}/${peer}`);
    if (listed !== undefined) return listed;
    // Lines may have short names too (`DAHDI/4-1`).
    const isPhone = technology === this.settings.technology || technology === 'Local';
    return this.codes.has(peer) || (isPhone && this.isInside(peer)) ? peer : undefined;
  }

  /**
   * The extension of a phone behind a Local channel. The Local channel's own if only that is in the settings.
   */
  findCodeBehind(local: string, phone: string): string | undefined {
    const [own, through] = [this.findCode(phone), this.findCode(local)];
    return through !== undefined && this.codes.has(through) && !this.codes.has(own ?? '') && own !== undefined ? through : own;
  }

  /**
   * The extension of a channel that must be a phone inside: by its name, else its number, else the bare name.
   */
  getPhoneCode(channel: string, callerId: string | undefined): string {
    return this.findCode(channel) ?? (callerId !== undefined && this.isInside(callerId) ? callerId : readPeer(channel).peer);
  }

  /** Whether a number is one of the PBX's own. */
  isInside(number: string): boolean {
    return this.codes.has(number) || (/^\d+$/.test(number) && number.length <= this.settings.extensionDigits);
  }

  /** A number that may be an outside phone. Undefined for `s`, an extension or a word of the dial plan. */
  readOutsideNumber(number: string | undefined): string | undefined {
    const bare = (number ?? '').replace(/[\s()-]/g, '');
    return /^\+?\d{3,20}$/.test(bare) && !this.isInside(bare) ? bare : undefined;
  }

  /** The number within a trunk's dial string: `79161234567@provider`, `provider/89161234567`. */
  readDialled(dialString: string | undefined): string | undefined {
    const parts = (dialString ?? '').split(/[/@&,]/).flatMap((part) => this.readOutsideNumber(part.replace(/^sip:/, '')) ?? []);
    return parts.sort((left, right) => right.length - left.length)[0];
  }

  /** How a manager's phone is called. */
  getChannel(code: string): string {
    return this.settings.extensions.find((extension) => extension.code === code)?.channel ?? `${this.settings.technology}/${code}`;
  }
}
