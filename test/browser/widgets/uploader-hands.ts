import type { Page } from 'playwright-core'

/** Uploads as a visitor does: opens the uploader's panel, chooses a file, and presses its button. */
export async function uploadByHand(
  page: Page,
  file: { name: string; mimeType: string; buffer: Buffer },
): Promise<void> {
  const uploader = page.locator('#uploader')
  await uploader.getByTestId('topbar-upload-btn').click()
  await uploader.locator('input[type=file]').first().setInputFiles(file)
  const start = uploader.locator('[class*=filerobot-Explorer-start]')
  await start.click()
  // The panel shows the file's name too: what is seen after it has gone is the list.
  await start.waitFor({ state: 'hidden' })
}
