import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalog'
import { useOpened } from '@/api/search'
import { useBusinessNow } from '@/api/session'
import { Button } from '@/ui/button'
import { Drawer } from '@/ui/drawer'
import { ClockChips } from './clock-chips'
import { Convert } from './convert'
import { DayThread } from './day-thread'
import { Facts } from './facts'
import { askedFields } from './facts-plan'
import { valueText } from '@/fields/field-value'
import { useClaim, useClocks, useCompany, useRecord, useRelated, useThread, useWhy } from './queries'
import { DialButton, RecordHeader } from './record-header'
import { Latest } from './latest'
import { latestOf, type Entry } from './thread-days'
import { PinButton } from './pin-button'
import { Related } from './related'
import { Stages } from './stages'
import { dialOf, mayClaim } from './record-state'
import { WhyOwner, WhyScore } from './why'
import type { ObjectShape, StoredRecord } from './types'
import css from './record.module.css'

interface Props {
  object: string
  id: string
  /** The follow-up card of this record, for objects that have one; its form gets the id. */
  composer?: (formID: string) => ReactNode
  /** What colleagues say to each other, above what happened. */
  discussion?: ReactNode
  /** What the reader may do with an entry of the thread. */
  acts?: (entry: Entry) => ReactNode
}

const formID = 'follow-up'

/** One record, opened on the latest thing that happened. */
export function RecordPage({ object, id, composer, discussion, acts }: Props) {
  const { t } = useTranslation('records')
  const shape = useObject(object)
  const stored = useRecord(object, id)
  if (stored.error) return <p role="alert">{stored.error.message}</p>
  if (!shape || !stored.data) return <output>{t('loading')}</output>
  return <Loaded key={id} object={shape} stored={stored.data} composer={composer} discussion={discussion} acts={acts} />
}

function Loaded({ object, stored, composer, discussion, acts }: Pick<Props, 'composer' | 'discussion' | 'acts'> & { object: ObjectShape; stored: StoredRecord }) {
  const { t } = useTranslation('records')
  const { record } = stored
  const { zone } = useCompany()
  const now = useBusinessNow()
  const thread = useThread(object.name, record.id)
  const latest = latestOf(thread.entries)
  const clocks = useClocks(object.name, record.id)
  const related = useRelated(object.name, record.id)
  const card = useRef<HTMLDivElement>(null)
  useOpened(object.name, record.id)
  return (
    <div className={css.page}>
      <Head object={object} stored={stored}>
        <ClockChips clocks={clocks} now={now} zone={zone} />
      </Head>
      <div className={css.columns} data-related={related.length > 0 || undefined}>
        <div className={css.main}>
          {latest && <Latest entry={latest} now={now} />}
          {composer && <div ref={card}>{composer(formID)}</div>}
          {discussion}
          <DayThread entries={thread.entries} zone={zone} more={thread.more} acts={acts} />
        </div>
        <aside className={css.side} aria-label={t('facts')}>
          <Facts object={object.name} sections={sectionsOf(object, t('allFields'))} fields={askedFields(object.fields, record)} stored={stored} mayEdit={object.can.update} zone={zone} />
        </aside>
        {related.length > 0 && (
          <div className={css.related}>
            <Related groups={related} source={object} record={record} zone={zone} />
          </div>
        )}
      </div>
      {composer && <PhoneBar stored={stored} card={card} />}
    </div>
  )
}

function Head({ object, stored: { record }, children }: { object: ObjectShape; stored: StoredRecord; children: ReactNode }) {
  const { t, i18n } = useTranslation('records')
  const { zone, demo, userID } = useCompany()
  const why = useWhy(object.name, record.id)
  const claim = useClaim(object.name, record.id)
  const clocks = useClocks(object.name, record.id)
  const [reason, setReason] = useState<'owner' | 'score' | null>(null)
  const field = (name: string) => object.fields.find((one) => one.name === name)
  const text = (name: string) => {
    const one = field(name)
    return one ? valueText(one, record[name], i18n.language, zone) : ''
  }
  return (
    <>
      <RecordHeader
        title={text(object.title_field) || t('untitled')}
        status={text('status') && <span className={css.status}>{text('status')}</span>}
        pin={<PinButton object={object.name} id={record.id} label={text(object.title_field)} />}
        stars={Number(record.stars ?? 0)}
        score={field('score') ? text('score') : undefined}
        owner={text('owner') || undefined}
        onWhyOwner={why?.owner ? () => setReason('owner') : undefined}
        onWhyScore={why?.score ? () => setReason('score') : undefined}
        claim={mayClaim(record, clocks, userID) ? claim : undefined}
        dial={dialOf(record, demo)}
        actions={object.converts && <Convert object={object.name} id={record.id} />}
        stages={object.stage_field && <Stages object={object.name} record={record} />}
      >
        {children}
      </RecordHeader>
      <Drawer opened={reason !== null} onClose={() => setReason(null)} title={t(reason === 'score' ? 'why.scoreTitle' : 'why.ownerTitle')}>
        {reason === 'owner' && why?.owner && <WhyOwner reason={why.owner} />}
        {reason === 'score' && why?.score && <WhyScore reason={why.score} />}
      </Drawer>
    </>
  )
}

/** On the phone the two things to do stay under the thumb; while the card is in sight, the bar saves it. */
function PhoneBar({ stored: { record }, card }: { stored: StoredRecord; card: RefObject<HTMLDivElement | null> }) {
  const { t } = useTranslation('records')
  const { demo } = useCompany()
  const inSight = useInSight(card)
  const dial = dialOf(record, demo)
  return (
    <div className={css.phoneBar}>
      {dial !== undefined && <DialButton dial={dial} />}
      {inSight ? (
        <Button type="submit" form={formID}>
          {t('saveFollowUp')}
        </Button>
      ) : (
        <Button onClick={() => card.current?.scrollIntoView({ behavior: 'smooth', block: 'start' })}>{t('followUp')}</Button>
      )}
    </div>
  )
}

function useInSight(element: RefObject<HTMLElement | null>): boolean {
  const [inSight, setInSight] = useState(true)
  useEffect(() => {
    if (!element.current) return
    const watch = new IntersectionObserver(([entry]) => setInSight(entry.isIntersecting))
    watch.observe(element.current)
    return () => watch.disconnect()
  }, [element])
  return inSight
}

/** The page's sections; an object without a page shows all it has, but for what the header tells. */
function sectionsOf(object: ObjectShape, label: string) {
  if (object.page && object.page.sections.length > 0) return object.page.sections
  const told = new Set([object.title_field, 'status', 'score', 'stars'])
  return [{ label, fields: object.fields.map(({ name }) => name).filter((name) => !told.has(name)) }]
}
