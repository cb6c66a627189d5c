import { createAuth } from 'filerobot-widget-auth'

const token = import.meta.env.VITE_FILEROBOT_TOKEN
const templateId = import.meta.env.VITE_FILEROBOT_TEMPLATE
const apiBase = import.meta.env.VITE_FILEROBOT_API_BASE

// Files are delivered from an origin of their own, to which the key may go too.
export const auth = createAuth({ token, templateId, apiBase, allowedOrigins: [`https://${token}.filerobot.com`] })

/** The files of a folder, private ones too. */
export async function listFiles(folder) {
  const response = await auth.fetch(`${apiBase}/${token}/v4/files?folder=${encodeURIComponent(folder)}`)
  if (!response.ok) throw new Error(`The service answered ${response.status}.`)
  return (await response.json()).files
}
