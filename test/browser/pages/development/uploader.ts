import createCore from '@filerobot/core'
import '@filerobot/core/dist/style.min.css'
import Explorer from '@filerobot/explorer'
import '@filerobot/explorer/dist/style.min.css'
import XHRUpload from '@filerobot/xhr-upload'
import * as React from 'react'
import { type UploaderState, useFilerobotUploader } from '../../../../src/react.ts'
import { uploaderHeaders } from '../../../../src/widgets/index.ts'
import { apiBase, auth, countMount, note, token } from './told.ts'

export function Uploader({ folder }: { folder: string }) {
  const [filerobot, setFilerobot] = React.useState<ReturnType<typeof createCore> | null>(null)
  const uploader: UploaderState = useFilerobotUploader(auth, filerobot)
  note(uploader, false)
  React.useEffect(countMount, [])
  React.useEffect(() => {
    const core = createCore({
      container: token,
      apiEndpoint: apiBase,
      adminApiEndpoint: apiBase,
      i18nFetchApiEndpoint: 'data:application/json,[]#',
    })
    core.use(XHRUpload, { headers: uploaderHeaders(auth), uploadToFolderPath: folder })
    // oxlint-disable-next-line react/set-state-in-effect -- an instance is made and closed by an effect, or it is left open
    setFilerobot(core)
    return () => core.close()
  }, [folder])
  React.useEffect(() => {
    filerobot?.use(Explorer, {
      target: '#uploader',
      inline: true,
      width: '100%',
      height: '100%',
      config: { rootFolderPath: folder },
      dismissUrlPathQueryUpdate: true,
      hideLeftSideBar: true,
    })
  }, [filerobot, folder])
  return React.createElement('div', { id: 'uploader' })
}
