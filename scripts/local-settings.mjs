/** What the environment tells an example: the local API, and what it knows at the start. */
export function localSettings(apiOrigin, { token, templateId }) {
  const settings = { FILEROBOT_TOKEN: token, FILEROBOT_TEMPLATE: templateId, FILEROBOT_API_BASE: apiOrigin }
  // Vite shows a page only what begins so.
  const forPages = Object.entries(settings).map(([name, value]) => [`VITE_${name}`, value])
  return { ...settings, ...Object.fromEntries(forPages) }
}
