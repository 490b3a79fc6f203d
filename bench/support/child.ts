/**
 * Tells the parent that this process is ready, answers its questions for the processor time used so far
 * (microseconds), and ends with it.
 */
export function serveParent(): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.('ready');
}
