import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { FollowButton } from './follow-button'
import { mentioned, problemText, type Person } from './mention'
import { MentionField } from './mention-field'
import { useComment } from './queries'
import css from './comments.module.css'

/** A word to colleagues about a record, with @ for those who should hear it, and whether one follows it. */
export function CommentBox({ object, id }: { object: string; id: string }) {
  const { t } = useTranslation('comments')
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<Person[]>([])
  const comment = useComment(object, id)
  const send = () => {
    if (text.trim() === '') return
    comment.mutate(
      { text, mentions: mentioned(text, chosen) },
      {
        onSuccess: () => {
          setText('')
          setChosen([])
        },
      },
    )
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send()
  }
  return (
    <form className={css.box} onSubmit={submit} aria-label={t('comment')}>
      <MentionField label={t('comment')} text={text} onText={setText} onChoose={(person) => setChosen([...chosen, person])} onSend={send} />
      {comment.error && <p role="alert">{problemText(comment.error)}</p>}
      <div className={css.row}>
        <Button type="submit" size="xs" variant="default" loading={comment.isPending} disabled={text.trim() === ''}>
          {t('send')}
        </Button>
        <FollowButton object={object} id={id} />
      </div>
    </form>
  )
}
