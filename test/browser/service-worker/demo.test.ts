import { expect, it } from 'vitest'
import { visitDemo } from '../demo-visit.ts'

const visit = visitDemo()

it('the demo page shows a private picture in a plain <img> as soon as its switch is on, also when it is loaded again', async () => {
  await visit.openDemo()
  await visit.shows('.signing-state', 'nothing is shown')
  const toggle = visit.page.getByRole('switch', { name: 'Service worker' })
  await toggle.check()
  await visit.shows('.signing-state', 'This is a plain <img> of a private file')
  expect(await visit.page.locator('.signing img').evaluate(image => (image as HTMLImageElement).naturalWidth)).toBe(720)
  expect(visit.keyRequests()).toBe(1)

  await visit.page.reload()
  await visit.shows('.signing-state', 'This is a plain <img> of a private file')
  await toggle.uncheck()
  await visit.shows('.signing-state', 'this one keeps it')
  await visit.page.reload()
  await visit.shows('.signing-state', 'nothing is shown')
  expect(visit.seen.errors).toEqual([])
})
