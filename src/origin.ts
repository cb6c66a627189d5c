/** Hosts that a browser treats as trustworthy without https: this machine. */
export const LOCAL_HOST = /^((.+\.)?localhost|127(\.\d+){3}|\[::1])$/

/** Whether what is sent to `url` stays secret on its way: https, or http to this machine. */
export function isSecureUrl(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOCAL_HOST.test(url.hostname))
}
