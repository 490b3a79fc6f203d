/** How the double misbehaves. */
export interface AsteriskFaults {
  /** Maximum number of bytes in each written piece. */
  splitBytes?: number;
  /** Stays silent, like a wrong port. */
  mute?: boolean;
  /** No longer replies to actions. */
  deaf?: boolean;
  /** Loses the connection at `Originate` before or after it acted, or sends no reply, or not AMI. */
  originate?: 'drop-before' | 'drop-after' | 'hang' | 'garbage' | undefined;
  /** Done the moment a list of channels was sent, in one piece with it. */
  afterList?: (() => void) | undefined;
  /** Actions that the manager user lacks the right for. */
  forbidden?: readonly string[];
  /** Rejects `Challenge`, as proxies of the manager interface do: only a plain login is possible. */
  noChallenge?: boolean;
  /** The first line, for another program that listens here. */
  banner?: string;
}
