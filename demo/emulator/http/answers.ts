import type { Refusal } from '../refusal.ts'

type Headers = Record<string, string>

/** Every answer states its length, so that the request log knows it. */
function answer(status: number, type: string, body: string | Uint8Array<ArrayBuffer>, headers: Headers): Response {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
  return new Response(body, { status, headers: { 'Content-Type': type, 'Content-Length': `${length}`, ...headers } })
}

/** The stock uploader judges a body by its `status` only where the type is exactly this, without a charset. */
export const json = (status: number, body: unknown, headers: Headers = {}) =>
  answer(status, 'application/json', JSON.stringify(body), headers)

export const success = (body: Record<string, unknown>) => json(200, { status: 'success', ...body })

export const html = (status: number, title: string, headers: Headers = {}) =>
  answer(status, 'text/html; charset=utf-8', `<!doctype html><title>${title}</title><h1>${title}</h1>`, headers)

export const refused = ({ isPage, status, message, body, headers }: Refusal) =>
  isPage ? html(status, message, headers) : json(status, body, headers)

export const bytes = (type: string, body: Uint8Array<ArrayBuffer>, headers: Headers = {}) =>
  answer(200, type, body, headers)

export const nothing = (status: number, headers: Headers = {}) => new Response(null, { status, headers })
