import type { ReactNode } from 'react';
import { Menu, MenuItem, MenuTrigger, Popover, Separator, SubmenuTrigger } from 'react-aria-components';
import styles from './controls.module.css';

/** A line of a menu; one with `items` opens another menu. */
export interface Action {
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  readonly keys?: string;
  readonly isDanger?: boolean;
  readonly isDisabled?: boolean;
  readonly items?: readonly (Action | 'separator')[];
  run?(): void;
}

function lines(actions: readonly (Action | 'separator')[]): ReactNode[] {
  return actions.map((action, index) => {
    if (action === 'separator') {
      const before = actions[index - 1];
      return (
        <Separator
          key={`after-${typeof before === 'object' ? before.id : ''}`}
          className={styles.separator}
        />
      );
    }
    const item = (
      <MenuItem
        key={action.id}
        id={action.id}
        textValue={action.label}
        isDisabled={action.isDisabled === true || action.items?.length === 0}
        className={`${styles.item} ${action.isDanger ? styles.itemDanger : ''}`}
        {...(action.run ? { onAction: () => action.run?.() } : {})}
      >
        {action.icon}
        {action.label}
        {action.keys !== undefined && <span className={styles.itemKeys}>{action.keys}</span>}
        {action.items !== undefined && (
          <span className={styles.itemKeys} aria-hidden>
            ›
          </span>
        )}
      </MenuItem>
    );
    if (!action.items || action.items.length === 0) return item;
    return (
      <SubmenuTrigger key={action.id}>
        {item}
        <Popover className={styles.popover} offset={2}>
          <Menu className={styles.list} aria-label={action.label}>
            {lines(action.items)}
          </Menu>
        </Popover>
      </SubmenuTrigger>
    );
  });
}

export interface ActionMenuProps {
  /** What the menu is about, read aloud. */
  readonly label: string;
  readonly actions: readonly (Action | 'separator')[];
  /** The button that opens it. */
  readonly children: ReactNode;
}

/** A button with a menu. */
export function ActionMenu({ label, actions, children }: ActionMenuProps) {
  return (
    <MenuTrigger>
      {children}
      <Popover className={styles.popover} offset={4}>
        <Menu className={styles.list} aria-label={label}>
          {lines(actions)}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
