import type { StateCommand } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import {
  Bold,
  Eye,
  Heading1,
  Heading2,
  Heading3,
  Heading4,
  ImagePlus,
  Italic,
  Link,
  List,
  ListOrdered,
  type LucideIcon,
  Search,
  Strikethrough,
  TextQuote,
} from 'lucide-react';
import {
  Button,
  Group,
  Separator,
  ToggleButton,
  Toolbar,
  Tooltip,
  TooltipTrigger,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import {
  type ActiveFormats,
  setHeading,
  toggleBulletList,
  toggleInline,
  toggleOrderedList,
  toggleQuote,
} from './format/formats.ts';

const headingIcons = [Heading1, Heading2, Heading3, Heading4];

interface ToolProps {
  readonly label: string;
  readonly keys?: string;
  readonly icon: LucideIcon;
  readonly isSelected?: boolean;
  readonly isDisabled: boolean;
  onPress(): void;
}

function Tool({ label, keys, icon: Icon, isSelected, isDisabled, onPress }: ToolProps) {
  const icon = <Icon size={18} strokeWidth={1.75} aria-hidden />;
  return (
    <TooltipTrigger delay={500} closeDelay={80}>
      {isSelected === undefined ? (
        <Button className="sl-tool" aria-label={label} isDisabled={isDisabled} onPress={onPress}>
          {icon}
        </Button>
      ) : (
        <ToggleButton
          className="sl-tool"
          aria-label={label}
          isSelected={isSelected}
          isDisabled={isDisabled}
          onChange={onPress}
        >
          {icon}
        </ToggleButton>
      )}
      <Tooltip className="sl-tooltip">
        {label}
        {keys && <kbd>{keys}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}

export interface FormatToolbarProps {
  readonly view: EditorView | null;
  readonly formats: ActiveFormats;
  readonly markup: boolean;
  readonly isDisabled: boolean;
  onLink(): void;
  onPicture(): void;
  onFind(): void;
  onMarkup(): void;
}

const commandKey = /Mac|iP(?:hone|ad)/.test(navigator.userAgent) ? '⌘' : 'Ctrl+';

/** Formats of the text, as toggles that show what the caret stands in. */
export function FormatToolbar(props: FormatToolbarProps) {
  const { view, formats, isDisabled } = props;
  const { t } = useTranslation();
  const run = (command: StateCommand) => () => {
    if (!view) return;
    command(view);
    view.focus();
  };
  const toggle = (
    label: string,
    icon: LucideIcon,
    isSelected: boolean,
    command: StateCommand,
    keys?: string,
  ) => (
    <Tool
      label={label}
      icon={icon}
      isSelected={isSelected}
      isDisabled={isDisabled}
      onPress={run(command)}
      {...(keys ? { keys: `${commandKey}${keys}` } : {})}
    />
  );
  return (
    <Toolbar className="sl-toolbar" aria-label={t('editor.toolbar')}>
      <Group aria-label={t('editor.toolbar')} className="sl-tools">
        {toggle(t('editor.bold'), Bold, formats.inline.has('bold'), toggleInline('bold'), 'B')}
        {toggle(t('editor.italic'), Italic, formats.inline.has('italic'), toggleInline('italic'), 'I')}
        {toggle(t('editor.strike'), Strikethrough, formats.inline.has('strike'), toggleInline('strike'))}
      </Group>
      <Separator orientation="vertical" />
      <Group aria-label={t('editor.headings')} className="sl-tools">
        {headingIcons.map((icon, index) => (
          <Tool
            key={icon.displayName ?? index}
            label={t('editor.heading', { level: index + 1 })}
            icon={icon}
            keys={`${commandKey}${index + 1}`}
            isSelected={formats.heading === index + 1}
            isDisabled={isDisabled}
            onPress={run(setHeading(index + 1))}
          />
        ))}
      </Group>
      <Separator orientation="vertical" />
      <Group aria-label={t('editor.paragraph')} className="sl-tools">
        {toggle(t('editor.quote'), TextQuote, formats.quote, toggleQuote)}
        {toggle(t('editor.bulletList'), List, formats.list === 'bullet', toggleBulletList)}
        {toggle(t('editor.orderedList'), ListOrdered, formats.list === 'ordered', toggleOrderedList)}
      </Group>
      <Separator orientation="vertical" />
      <Tool
        label={t('editor.link')}
        icon={Link}
        keys={`${commandKey}K`}
        isSelected={formats.link}
        isDisabled={isDisabled}
        onPress={props.onLink}
      />
      <Tool
        label={t('editor.picture')}
        icon={ImagePlus}
        keys={`${commandKey}Shift+I`}
        isDisabled={isDisabled}
        onPress={props.onPicture}
      />
      <Separator orientation="vertical" />
      <Tool
        label={t('editor.find')}
        icon={Search}
        keys={`${commandKey}F`}
        isDisabled={!view}
        onPress={props.onFind}
      />
      <Tool
        label={t('editor.markup')}
        icon={Eye}
        isSelected={props.markup}
        isDisabled={!view}
        onPress={props.onMarkup}
      />
    </Toolbar>
  );
}
