import type { EditorView } from '@codemirror/view';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { AppDialog } from '../../../components/AppDialog.tsx';
import { Button } from '../../../components/Button.tsx';
import { TextField } from '../../../components/Field.tsx';
import { linkAt, linkMarkdown } from './formats.ts';

/** Sets, changes or removes the link at the selection. */
export function LinkDialog({ view, onClose }: { readonly view: EditorView; onClose(): void }) {
  const { t } = useTranslation();
  const [link] = useState(() => linkAt(view.state));
  const [text, setText] = useState(link.text);
  const [url, setUrl] = useState(link.url);

  const apply = (address: string) => {
    const insert = linkMarkdown(text, address);
    view.dispatch({
      changes: { from: link.from, to: link.to, insert: view.state.toText(insert) },
      selection: { anchor: link.from + insert.length },
      scrollIntoView: true,
      userEvent: 'input.format.link',
    });
    onClose();
    view.focus();
  };
  const submit = (event: { preventDefault(): void }) => {
    event.preventDefault();
    apply(url);
  };

  return (
    <AppDialog title={t('editor.linkDialog.title')} onClose={onClose}>
      <Form onSubmit={submit} className="sl-link-form">
        <TextField label={t('editor.linkDialog.text')} value={text} onChange={setText} />
        <TextField
          label={t('editor.linkDialog.url')}
          placeholder={t('editor.linkDialog.urlHint')}
          value={url}
          onChange={setUrl}
          autoFocus
        />
        <div className="sl-form-buttons">
          {link.url !== '' && (
            <Button look="outline" onPress={() => apply('')}>
              {t('editor.linkDialog.remove')}
            </Button>
          )}
          <Button look="solid" type="submit" isDisabled={url.trim() === ''}>
            {t('editor.linkDialog.apply')}
          </Button>
        </div>
      </Form>
    </AppDialog>
  );
}
