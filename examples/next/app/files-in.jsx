'use client'

import { useFilerobotAuth } from 'filerobot-widget-auth/react'
import { useEffect, useState } from 'react'

export function FilesIn({ folderUrl }) {
  const auth = useFilerobotAuth()
  const [files, setFiles] = useState([])
  const [error, setError] = useState()

  useEffect(() => {
    const leaving = new AbortController()
    const { signal } = leaving
    const list = async () => {
      const response = await auth.fetch(folderUrl, { signal })
      if (!response.ok) throw new Error(`The service answered ${response.status}.`)
      setFiles((await response.json()).files)
    }
    list().catch(error => signal.aborted || setError(error))
    return () => leaving.abort()
  }, [auth, folderUrl])

  return (
    <>
      <h2>Files in /photos</h2>
      {error && <p>{error.message}</p>}
      <ul>
        {files.map(({ uuid, name }) => (
          <li key={uuid}>{name}</li>
        ))}
      </ul>
    </>
  )
}
