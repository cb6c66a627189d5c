import { render } from 'preact'
import { linkNotes } from '../page/link/link-notes.tsx'
import { themeParameter } from '../page/link/parameters.ts'
import { readLink, takeKeysOutOfAddress } from '../page/link/read-link.ts'
import { openGallery } from './exhibits.ts'
import { Gallery } from './gallery.tsx'
import { followHash } from './gallery-link.ts'

const keyNotes = takeKeysOutOfAddress()
const { notes } = readLink(location.search, [themeParameter])
const target = document.querySelector('#page')
if (target) render(<Gallery />, target)
await openGallery()
await followHash()
linkNotes.value = [...keyNotes, ...notes, ...linkNotes.value]
addEventListener('hashchange', () => void followHash())
