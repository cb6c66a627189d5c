import type { RequestKind } from '../request-log.ts'

export const isPreflight = (request: Request) =>
  request.method === 'OPTIONS' && request.headers.has('Access-Control-Request-Method')

const PATHS: [pattern: RegExp, methods: RegExp, kind: RequestKind][] = [
  [/^\/[^/]+\/key\/[^/]+$/, /./, 'key'],
  [/^\/[^/]+\/v\d\/key\/info$/, /./, 'key_info'],
  [/^\/[^/]+\/v\d\/files$/, /^POST$/, 'upload'],
  [/^\/[^/]+\/v\d\/(files|folders)$/, /^(GET|HEAD)$/, 'list'],
  [/^\/cdn\//, /./, 'delivery'],
  [/^(\/[^/]+\/v\d\/|\/public\/)/, /./, 'api'],
]

export function kindOf(request: Request): RequestKind {
  if (isPreflight(request)) return 'preflight'
  const { pathname } = new URL(request.url)
  return PATHS.find(([path, methods]) => path.test(pathname) && methods.test(request.method))?.[2] ?? 'other'
}

export const isAdmin = (request: Request) => new URL(request.url).pathname.startsWith('/_emulator/')
