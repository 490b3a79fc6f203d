/** Reports to the parent that this process is ready, then its processor time on request (microseconds). */
export function serveParent(): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.('ready');
}
