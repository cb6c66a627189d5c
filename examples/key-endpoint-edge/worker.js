import { createKeyHandler } from 'filerobot-widget-auth/server'

// Settings come with a request, so it is made with the first one, and kept for the others.
let handleKey

export default {
  fetch(request, env, context) {
    handleKey ??= createKeyHandler({
      token: env.FILEROBOT_TOKEN,
      templateId: env.FILEROBOT_TEMPLATE,
      apiBase: env.FILEROBOT_API_BASE,
      // For a site that is public as a whole. Pages of other origins get nothing all the same.
      authorize: 'everyone',
    })
    if (new URL(request.url).pathname !== '/key') return new Response('Not found', { status: 404 })
    // With the context a key request goes on when the visitor who began it has left.
    return handleKey(request, context)
  },
}
