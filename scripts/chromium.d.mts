/** The path of a Chromium or Chrome on this machine, installed where that can be done. Throws an error that says what to install. */
export function ensureChromium(): string

/** With what tests start it, whoever drives it. Nothing in it can reach another host than this one. */
export const chromiumArgs: string[]
