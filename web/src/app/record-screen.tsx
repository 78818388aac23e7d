import { useObject } from '@/api/catalog'
import { useBusinessNow, useSession } from '@/api/session'
import { CommentBox } from '@/features/comments/comment-box'
import { OwnComment, type Said } from '@/features/comments/own-comment'
import { FollowUpCard } from '@/features/followup/follow-up-card'
import { NextLead } from '@/features/followup/next-lead'
import { rulesOf } from '@/features/followup/rules'
import { MergeBar } from '@/features/merge/merge-bar'
import { RecordPage } from '@/features/records/record-page'
import type { Entry } from '@/features/records/thread-days'

/** A comment of the reader's own on this record; nothing for one that was deleted, or was said of a record merged into it. */
function saidBy({ id: entry, kind, actor, params }: Entry, record: string, reader: string | undefined): Said | undefined {
  const { text, mentions } = params
  if (kind !== 'comment' || actor.id !== reader || !entry.startsWith(`${record}.`) || typeof text !== 'string') return undefined
  return { id: entry, text, mentions: (mentions ?? []) as Said['mentions'] }
}

/** A record with its follow-up card: the one place where the features meet. */
export function RecordScreen({ object, id }: { object: string; id: string }) {
  const shape = useObject(object)
  const session = useSession()
  const now = useBusinessNow()
  const rules = shape && rulesOf(shape)
  const zone = session?.company.zone ?? 'UTC'
  const card = (formID: string) =>
    shape && rules && <FollowUpCard key={id} object={object} id={id} rules={rules} now={now} zone={zone} formID={formID} next={<NextLead object={object} id={id} titleField={shape.title_field} />} />
  const acts = (entry: Entry) => {
    const said = saidBy(entry, id, session?.user.id)
    return said && <OwnComment object={object} id={id} said={said} />
  }
  return (
    <>
      {shape?.can.update && shape.can.delete && <MergeBar key={id} object={shape} id={id} />}
      <RecordPage object={object} id={id} composer={rules && card} discussion={<CommentBox key={id} object={object} id={id} />} acts={acts} />
    </>
  )
}
