import { CopyButton } from '../page/copy-button.tsx'
import { emulator } from '../page/emulator-link.ts'
import { LinkNotes } from '../page/link/link-notes.tsx'
import { Masthead } from '../page/masthead.tsx'
import { TroubleChoice } from '../page/trouble-choice.tsx'
import { linkToTab, MOST_TABS } from './tab-link.ts'
import {
  closeTab,
  config,
  connection,
  type Frame,
  frames,
  linkToTheseTabs,
  nextName,
  openTab,
  order,
  problem,
  reloadTab,
  startOver,
} from './tabs-session.ts'
import { Verdict } from './verdict.tsx'

export function TabsPage() {
  return (
    <>
      <a class="skip-link" href="#tabs">
        Skip to the tabs
      </a>
      <Masthead current="/two-tabs" />
      <main>
        <section class="page-intro" aria-labelledby="page-title">
          <h1 id="page-title">Two tabs, one key</h1>
          <p>
            Each frame is a tab of its own to the library: a realm with its own <code>createAuth</code>. They share
            nothing but the browser’s storage, its locks and its channels. One of them asks for the key, and all have
            it; one signs out, and all have.
          </p>
        </section>
        <section class="tabs-bench" aria-label="The tabs">
          <LinkNotes />
          {problem.value && (
            <p class="field-problem" role="alert">
              {problem.value}
            </p>
          )}
          <Verdict />
          <div class="tabs-controls">
            <div class="tabs-buttons">
              <button type="button" class="button primary" onClick={() => void startOver()}>
                Start over without a key
              </button>
              <button type="button" class="button" onClick={() => order('get-key')}>
                All want a key at once
              </button>
              <button type="button" class="button" disabled={frames.value.length >= MOST_TABS} onClick={openTab}>
                Open another here
              </button>
              <a
                class="button"
                href={linkToTab(nextName.value, connection.value, config.value)}
                target="_blank"
                rel="noopener"
              >
                Open a real tab
              </a>
              <CopyButton
                class="button quiet"
                text={linkToTheseTabs}
                what="link to this state"
                label="Copy link to this state"
              />
            </div>
            {emulator.value && (
              <div class="tabs-trouble">
                <TroubleChoice />
              </div>
            )}
          </div>
          <div id="tabs" class="tab-frames" tabIndex={-1}>
            {frames.value.map(frame => (
              <TabFrame key={`${frame.name}-${frame.life}`} frame={frame} />
            ))}
          </div>
          {frames.value.length === 0 && connection.value && <p class="tabs-none">All tabs are closed.</p>}
        </section>
      </main>
    </>
  )
}

function TabFrame({ frame: { name, src } }: { frame: Frame }) {
  return (
    <div class="tab-frame card">
      <div class="tab-bar">
        <span class="tab-name">Tab {name}</span>
        <button type="button" class="button quiet" aria-label={`Reload tab ${name}`} onClick={() => reloadTab(name)}>
          Reload
        </button>
        <button type="button" class="button quiet" aria-label={`Close tab ${name}`} onClick={() => closeTab(name)}>
          Close
        </button>
      </div>
      {/* oxlint-disable-next-line react/iframe-missing-sandbox -- a page of this demo, which is to share the storage */}
      <iframe title={`Tab ${name}`} src={src} />
    </div>
  )
}
