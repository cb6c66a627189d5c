import { FilerobotAuthProvider } from 'filerobot-widget-auth/react'
import { FilesIn } from './files-in'
import { KeyStatus } from './key-status'
import { SpinOf } from './spin-of'

const { FILEROBOT_TOKEN: token, FILEROBOT_TEMPLATE: templateId, FILEROBOT_API_BASE: apiBase } = process.env

/** A server component: it renders the provider, and gives it what the environment says. */
export default function Page() {
  // Files are delivered from an origin of their own, to which the key may go too.
  const allowedOrigins = [`https://${token}.filerobot.com`]
  return (
    <FilerobotAuthProvider token={token} templateId={templateId} apiBase={apiBase} allowedOrigins={allowedOrigins}>
      <h1>Filerobot with Next</h1>
      <KeyStatus />
      <FilesIn folderUrl={`${apiBase}/${token}/v4/files?folder=/photos`} />
      <SpinOf folder="/spin-private" />
    </FilerobotAuthProvider>
  )
}
