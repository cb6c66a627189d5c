'use client'

import { useFilerobotKey } from 'filerobot-widget-auth/react'

export function KeyStatus() {
  const { status, error } = useFilerobotKey()
  return (
    <p>
      Key: <output>{error?.message ?? status}</output>
    </p>
  )
}
