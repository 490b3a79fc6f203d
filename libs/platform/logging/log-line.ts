/** A line of the log with the number of the request that it is about. */
export interface LogLine {
  readonly msg: string;
  readonly request: string;
}

/** Makes a logger's argument from a sentence and the number of its request, if there is one. */
export function toLogLine(msg: string, request: string | null | undefined): LogLine | string {
  return request ? { msg, request } : msg;
}
