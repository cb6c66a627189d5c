import type { ConnectableAuth } from '../connectable.js'
import type { Auth } from '../types.js'

/** Does `work` while the key is kept good, in a hidden tab too. */
export async function leased<T>(auth: Auth, work: () => Promise<T>): Promise<T> {
  const end = (auth as ConnectableAuth).subscribe(() => {}, true)
  return work().finally(end)
}
