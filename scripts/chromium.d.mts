/** The path of a Chromium or Chrome on this machine, installed where that can be done. Throws an error that says what to install. */
export function ensureChromium(): string
