/** What the environment tells an example: the local API, and what it knows at the start. */
export function localSettings(apiOrigin: string, seed: { token: string; templateId: string }): Record<string, string>
