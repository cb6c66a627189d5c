import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** Thrown where the service says no; becomes `{"status":"error","code":…,"msg":…,"hint":…}`, or a gateway's page. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: ContentfulStatusCode
  readonly code: string
  readonly hint: string
  readonly headers: Record<string, string>
  readonly isPage: boolean

  constructor(
    status: number,
    code: string,
    msg: string,
    hint = '',
    headers: Record<string, string> = {},
    isPage = false,
  ) {
    super(msg)
    this.status = status as ContentfulStatusCode
    this.code = code
    this.hint = hint
    this.headers = headers
    this.isPage = isPage
  }

  get body() {
    return { status: 'error', code: this.code, msg: this.message, hint: this.hint }
  }
}
