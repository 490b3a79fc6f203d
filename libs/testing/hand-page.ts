import type { FastifyInstance, FastifyReply } from 'fastify';
import { escapeHtml } from '#platform/plain';

/** A page of the service where people do something, such as pay. */
export interface HandPage {
  title: string;
  lines: readonly string[];
  /** Buttons: the value sent as `way`, and the label. */
  ways: Readonly<Record<string, string | undefined>>;
  /** The address that its link leads to. */
  back?: string | undefined;
  /** Handles a posted form. Returns the address to go to, or a notice to show. Throws the mistake. */
  act(form: URLSearchParams): { to: string } | { notice: string };
}

/** Serves pages at a path. `find` returns the page of an address, undefined if there is none. */
export function servePage(
  app: FastifyInstance,
  path: string,
  find: (query: URLSearchParams, params: Readonly<Record<string, string>>) => HandPage | undefined,
): void {
  const read = ({ url, params }: { url: string; params: unknown }): HandPage | undefined =>
    find(new URL(url, 'http://double').searchParams, params as Record<string, string>);
  const show = (reply: FastifyReply, status: number, page: HandPage | undefined, notice = ''): FastifyReply =>
    reply.code(status).type('text/html; charset=utf-8').send(render(page, notice));
  app.get(path, (request, reply) => {
    const page = read(request);
    return show(reply, page ? 200 : 404, page);
  });
  app.post(path, (request, reply) => {
    const page = read(request);
    if (!page || Object.keys(page.ways).length === 0) return show(reply, page ? 409 : 404, page);
    try {
      const done = page.act(new URLSearchParams(String(request.body ?? '')));
      return 'to' in done ? reply.redirect(done.to, 303) : show(reply, 200, read(request), done.notice);
    } catch (error) {
      return show(reply, 400, page, (error as Error).message);
    }
  });
}

function render(page: HandPage | undefined, notice: string): string {
  const { title, lines, ways, back } = page ?? { title: 'Not found', lines: ['There is no such page.'], ways: {} };
  const buttons = Object.entries(ways).map(
    ([way, label]) => `<form method="post"><button name="way" value="${escapeHtml(way)}">${escapeHtml(label ?? way)}</button></form>`,
  );
  return [
    `<!doctype html><meta charset="utf-8"><title>${escapeHtml(title)}</title><h1>${escapeHtml(title)}</h1>`,
    ...[notice, ...lines].filter((line) => line !== '').map((line) => `<p>${escapeHtml(line)}</p>`),
    ...buttons,
    back === undefined ? '' : `<a href="${escapeHtml(back)}">Back to the shop</a>`,
  ].join('');
}
