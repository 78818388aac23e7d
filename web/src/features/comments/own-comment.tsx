import { Pencil, Trash2 } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { mentioned, problemText, type Person } from './mention'
import { MentionField } from './mention-field'
import { useDeleteComment, useEditComment } from './queries'
import css from './comments.module.css'

/** A comment as the thread tells it. */
export interface Said {
  id: string
  text: string
  mentions: { id: string; label?: string }[]
}

/** What may be done with a comment of one's own: other words, or none. */
export function OwnComment({ object, id, said }: { object: string; id: string; said: Said }) {
  const { t } = useTranslation('comments')
  const [act, setAct] = useState<'edit' | 'delete' | undefined>()
  const leave = () => setAct(undefined)
  if (act === 'edit') return <Edit object={object} id={id} said={said} leave={leave} />
  if (act === 'delete') return <Delete object={object} id={id} said={said} leave={leave} />
  return (
    <div className={css.acts}>
      <Button size="compact-xs" variant="subtle" leftSection={<Pencil size={12} aria-hidden="true" />} onClick={() => setAct('edit')}>
        {t('edit')}
      </Button>
      <Button size="compact-xs" variant="subtle" leftSection={<Trash2 size={12} aria-hidden="true" />} onClick={() => setAct('delete')}>
        {t('delete')}
      </Button>
    </div>
  )
}

interface Act {
  object: string
  id: string
  said: Said
  leave: () => void
}

function Edit({ object, id, said, leave }: Act) {
  const { t } = useTranslation('comments')
  const [text, setText] = useState(said.text)
  const [chosen, setChosen] = useState<Person[]>(said.mentions.map((one) => ({ id: one.id, name: one.label ?? '' })))
  const edit = useEditComment(object, id)
  const send = () => {
    if (text.trim() !== '') edit.mutate({ entry: said.id, text, mentions: mentioned(text, chosen) }, { onSuccess: leave })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send()
  }
  return (
    <form className={css.box} onSubmit={submit} aria-label={t('editing')}>
      <MentionField label={t('editing')} text={text} onText={setText} onChoose={(person) => setChosen([...chosen, person])} onSend={send} onLeave={leave} opened />
      {edit.error && <p role="alert">{problemText(edit.error)}</p>}
      <div className={css.acts}>
        <Button type="submit" size="xs" loading={edit.isPending} disabled={text.trim() === ''}>
          {t('save')}
        </Button>
        <Button size="xs" variant="default" onClick={leave}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  )
}

const focus = (button: HTMLButtonElement | null) => button?.focus()

function Delete({ object, id, said, leave }: Act) {
  const { t } = useTranslation('comments')
  const remove = useDeleteComment(object, id)
  return (
    <div className={css.box} role="group" aria-label={t('delete')}>
      <p className={css.why}>{t('deleteNote')}</p>
      {remove.error && <p role="alert">{problemText(remove.error)}</p>}
      <div className={css.acts}>
        <Button ref={focus} size="xs" color="red" loading={remove.isPending} onClick={() => remove.mutate(said.id, { onSuccess: leave })}>
          {t('deleteNow')}
        </Button>
        <Button size="xs" variant="default" onClick={leave}>
          {t('cancel')}
        </Button>
      </div>
    </div>
  )
}
