'use client'

import { useFilerobotAuth, useFilerobotSpin } from 'filerobot-widget-auth/react'
import dynamic from 'next/dynamic'
import 'js-cloudimage-360-view/css'

// The widget is for browsers only.
const Viewer = dynamic(() => import('js-cloudimage-360-view/react').then(({ CI360Viewer }) => CI360Viewer), {
  ssr: false,
})

export function SpinOf({ folder }) {
  const { imageListX, error } = useFilerobotSpin(useFilerobotAuth(), { folder })
  return (
    <>
      <h2>The frames of {folder}</h2>
      {error ? <p>{error.message}</p> : imageListX ? <Viewer imageListX={imageListX} /> : <p>Loading …</p>}
    </>
  )
}
