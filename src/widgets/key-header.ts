/** The header that carries a key. */
export const KEY_HEADER = 'X-Filerobot-Key'
