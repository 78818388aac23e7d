import { useObject } from '@/api/catalog'
import { useBusinessNow, useSession } from '@/api/session'
import { CommentBox } from '@/features/comments/comment-box'
import { FollowUpCard } from '@/features/followup/follow-up-card'
import { NextLead } from '@/features/followup/next-lead'
import { rulesOf } from '@/features/followup/rules'
import { MergeBar } from '@/features/merge/merge-bar'
import { RecordPage } from '@/features/records/record-page'

/** A record with its follow-up card: the one place where the features meet. */
export function RecordScreen({ object, id }: { object: string; id: string }) {
  const shape = useObject(object)
  const session = useSession()
  const now = useBusinessNow()
  const rules = shape && rulesOf(shape)
  const zone = session?.company.zone ?? 'UTC'
  const card = (formID: string) =>
    shape && rules && <FollowUpCard key={id} object={object} id={id} rules={rules} now={now} zone={zone} formID={formID} next={<NextLead object={object} id={id} titleField={shape.title_field} />} />
  return (
    <>
      {shape?.can.update && shape.can.delete && <MergeBar key={id} object={shape} id={id} />}
      <RecordPage object={object} id={id} composer={rules && card} discussion={<CommentBox key={id} object={object} id={id} />} />
    </>
  )
}
