import type { DemoWidget } from './widgets.ts'

/** A line drawing of what a widget looks like, for the time before it is loaded. */
export function WidgetSketch({ id }: { id: DemoWidget['id'] }) {
  return (
    <svg class="sketch" viewBox="0 0 240 140" aria-hidden="true">
      {id === 'uploader' && (
        <>
          <rect x="20" y="14" width="200" height="112" rx="8" />
          <path d="M20 36h200" />
          {[32, 94, 156].map(x => (
            <rect key={x} x={x} y="50" width="52" height="34" rx="4" class={x === 94 ? 'sketch-strong' : ''} />
          ))}
          {[32, 94, 156].map(x => (
            <path key={x} d={`M${x} 95h${x === 156 ? 30 : 42}M${x} 104h24`} />
          ))}
          <path class="sketch-strong" d="M120 76V58m-7 7 7-7 7 7" />
        </>
      )}
      {id === 'image-editor' && (
        <>
          <rect x="20" y="14" width="200" height="112" rx="8" />
          <path d="M20 36h200M56 36v90" />
          {[50, 68, 86, 104].map(y => (
            <circle key={y} cx="38" cy={y} r="4.5" />
          ))}
          <path d="m78 108 30-34 20 22 14-14 28 26" />
          <circle cx="152" cy="62" r="7" />
          <path class="sketch-strong" d="M74 64V50h14M180 50h14v14M194 98v14h-14M88 112H74V98" />
        </>
      )}
      {id === 'spin' && (
        <>
          <ellipse cx="120" cy="98" rx="88" ry="24" />
          <path class="sketch-strong" d="M32 98c0 13 39 24 88 24m0 0-9-6m9 6-9 7" />
          <path d="m120 20 34 16v40l-34 16-34-16V36zM86 36l34 16 34-16M120 52v40" />
        </>
      )}
    </svg>
  )
}
