/** Runs the script of a module's widgets apart from the page, as the CRM does. Sends an error, or ''. */
addEventListener(
  'message',
  ({ data }: MessageEvent<{ script: string; port: MessagePort }>) => {
    const answer = (error: string): void => data.port.postMessage(error);
    import(/* @vite-ignore */ data.script).then(
      () => answer(''),
      (error: unknown) => answer(String(error)),
    );
  },
  { once: true },
);
