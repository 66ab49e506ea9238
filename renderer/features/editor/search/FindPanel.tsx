import {
  closeSearchPanel,
  findNext,
  findPrevious,
  getSearchQuery,
  replaceAll,
  replaceNext,
  SearchQuery,
  setSearchQuery,
} from '@codemirror/search';
import type { Command, EditorView } from '@codemirror/view';
import { CaseSensitive, ChevronDown, ChevronUp, Regex, WholeWord, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Input, TextField, ToggleButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../../components/Button.tsx';
import { countMatches, type Matches, maxMatches } from './matches.ts';

export interface FindPanelProps {
  readonly view: EditorView;
  /** Grows when the panel was asked for again: the field takes the focus and the selection. */
  readonly opened: number;
  /** Grows when the text or the selection changed. */
  readonly version: number;
  readonly withReplace: boolean;
}

interface Choices {
  readonly caseSensitive: boolean;
  readonly wholeWord: boolean;
  readonly regexp: boolean;
}

const none: Matches = { count: 0, current: 0, truncated: false };

/** Find and replace in the open scene. */
export function FindPanel({ view, opened, version, withReplace }: FindPanelProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [find, setFind] = useState(() => getSearchQuery(view.state).search);
  const [replace, setReplace] = useState('');
  const [choices, setChoices] = useState<Choices>({ caseSensitive: false, wholeWord: false, regexp: false });
  const [matches, setMatches] = useState(none);
  const [said, setSaid] = useState('');
  const query = new SearchQuery({ search: find, replace, ...choices, literal: !choices.regexp });

  // biome-ignore lint/correctness/useExhaustiveDependencies: `opened` is the signal, not an input.
  useEffect(() => {
    const { from, to } = view.state.selection.main;
    const selected = view.state.sliceDoc(from, Math.min(to, from + 200));
    if (selected !== '' && !selected.includes('\n')) setFind(selected);
    field.current?.focus();
    field.current?.select();
  }, [opened, view]);

  useEffect(() => {
    const next = new SearchQuery({ search: find, replace, ...choices, literal: !choices.regexp });
    if (!getSearchQuery(view.state).eq(next)) view.dispatch({ effects: setSearchQuery.of(next) });
    setSaid('');
  }, [view, find, replace, choices]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` is the signal, not an input.
  useEffect(() => {
    const timer = setTimeout(() => setMatches(countMatches(view.state, getSearchQuery(view.state))), 120);
    return () => clearTimeout(timer);
  }, [view, version, find, choices]);

  const run = (command: Command) => () => {
    if (query.valid) command(view);
  };
  const close = () => {
    closeSearchPanel(view);
    view.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    if (event.key === 'Escape') close();
    else if (event.key === 'F3') run(event.shiftKey ? findPrevious : findNext)();
    else if (event.key === 'Enter' && event.target === field.current)
      run(event.shiftKey ? findPrevious : findNext)();
    else if (event.key === 'Enter' && event.target instanceof HTMLInputElement) run(replaceNext)();
    else if (command && event.key.toLowerCase() === 'f') field.current?.select();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const replaceEverywhere = () => {
    const { count } = countMatches(view.state, query);
    run(replaceAll)();
    setSaid(t('editor.search.replaced', { count }));
  };
  const status = () => {
    if (find === '') return '';
    if (!query.valid) return t('editor.search.invalid');
    if (said !== '') return said;
    if (matches.truncated) return t('editor.search.many', { count: maxMatches });
    if (matches.current > 0)
      return t('editor.search.position', { current: matches.current, count: matches.count });
    return t('editor.search.count', { count: matches.count });
  };
  const choice = (name: keyof Choices, Icon: typeof Regex) => (
    <ToggleButton
      className="sl-tool"
      aria-label={t(`editor.search.${name === 'caseSensitive' ? 'matchCase' : name}`)}
      isSelected={choices[name]}
      onChange={(isSelected) => setChoices({ ...choices, [name]: isSelected })}
    >
      <Icon size={16} aria-hidden />
    </ToggleButton>
  );

  return (
    <search className="sl-find-panel" aria-label={t('editor.search.label')} onKeyDown={onKeyDown}>
      <div className="sl-find-row">
        <TextField
          className="sl-find-field"
          aria-label={t('editor.search.find')}
          value={find}
          onChange={setFind}
        >
          <Input ref={field} placeholder={t('editor.search.find')} />
        </TextField>
        {choice('caseSensitive', CaseSensitive)}
        {choice('wholeWord', WholeWord)}
        {choice('regexp', Regex)}
        <output className="sl-find-status" aria-live="polite">
          {status()}
        </output>
        <IconButton
          small
          label={t('editor.search.previous')}
          icon={<ChevronUp size={16} aria-hidden />}
          onPress={run(findPrevious)}
        />
        <IconButton
          small
          label={t('editor.search.next')}
          icon={<ChevronDown size={16} aria-hidden />}
          onPress={run(findNext)}
        />
        <IconButton
          small
          label={t('editor.search.close')}
          icon={<X size={16} aria-hidden />}
          onPress={close}
        />
      </div>
      {withReplace && !view.state.readOnly && (
        <div className="sl-find-row">
          <TextField
            className="sl-find-field"
            aria-label={t('editor.search.replace')}
            value={replace}
            onChange={setReplace}
          >
            <Input placeholder={t('editor.search.replace')} />
          </TextField>
          <Button small look="outline" isDisabled={!query.valid} onPress={run(replaceNext)}>
            {t('editor.search.replaceOne')}
          </Button>
          <Button small look="outline" isDisabled={!query.valid} onPress={replaceEverywhere}>
            {t('editor.search.replaceAll')}
          </Button>
        </div>
      )}
    </search>
  );
}
