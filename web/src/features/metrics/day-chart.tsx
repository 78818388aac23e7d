import { useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ScrollBox } from '@/ui/scroll-box'
import { hueOf, stepFor, type Stack } from './day-stacks'
import { ListLink } from './list-link'
import css from './metrics.module.css'

interface Props {
  stacks: Stack[]
  /** The labels of the channels by name, in the order of the stacks. */
  channels: Map<string, string>
  /** Whose list a part opens; leads unless said. */
  object?: string
}

const height = 180
const narrowest = 28
const left = 34
const bottom = 24

/** Leads by channel and day as stacked bars; every part is a link to its list. */
export function DayChart({ stacks, channels, object }: Props) {
  const { t, i18n } = useTranslation('metrics')
  const series = [...channels.keys()]
  const max = Math.max(1, ...stacks.map(({ total }) => total))
  const step = stepFor(max)
  const top = Math.ceil(max / step) * step
  const y = (leads: number) => height - (leads / top) * height
  const [frame, room] = useWidth()
  const slot = Math.max(narrowest, (room - left) / Math.max(1, stacks.length))
  const bar = Math.min(48, slot * 0.74)
  const width = left + stacks.length * slot
  const short = new Intl.DateTimeFormat(i18n.language, { month: 'numeric', day: 'numeric', timeZone: 'UTC' })
  const every = Math.max(1, Math.ceil(stacks.length / 12))
  return (
    <div ref={frame}>
      <ScrollBox className={css.scroll} label={t('byDay')}>
        <svg className={css.days} width={width} height={height + bottom + 10} viewBox={`0 -10 ${width} ${height + bottom + 10}`}>
          {Array.from({ length: top / step + 1 }, (_, n) => n * step).map((value) => (
            <g key={value}>
              <line className={css.grid} x1={left} x2={width} y1={y(value)} y2={y(value)} />
              <text className={css.tick} x={left - 6} y={y(value) + 4} textAnchor="end">
                {value}
              </text>
            </g>
          ))}
          {stacks.map((stack, n) => {
            const x = left + n * slot + (slot - bar) / 2
            return (
              <g key={stack.day}>
                {stack.parts.map((part) => (
                  <ListLink key={part.channel} object={object} filter={part.filter} aria-label={`${stack.day} ${channels.get(part.channel)}: ${part.leads}`}>
                    <title>{`${stack.day} · ${channels.get(part.channel)} · ${part.leads}`}</title>
                    <rect
                      className={css.part}
                      data-series={hueOf(series.indexOf(part.channel))}
                      x={x}
                      width={bar}
                      y={y(part.below + part.leads)}
                      height={Math.max(0, y(part.below) - y(part.below + part.leads) - 1)}
                      rx={2}
                    />
                  </ListLink>
                ))}
                {n % every === 0 && (
                  <text className={css.tick} x={x + bar / 2} y={height + 16} textAnchor="middle">
                    {short.format(new Date(`${stack.day}T00:00:00Z`))}
                  </text>
                )}
              </g>
            )
          })}
        </svg>
      </ScrollBox>
    </div>
  )
}

/** The width of an element, followed as it changes. */
function useWidth() {
  const frame = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    setWidth(element.clientWidth)
    const watch = new ResizeObserver(() => setWidth(element.clientWidth))
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  return [frame, width] as const
}
