import type { Language } from '#shared/story/scene.ts';

/** Commander's remarks about a command line, as it words them, and in Chinese. */
const inChinese: readonly (readonly [RegExp, string])[] = [
  [/missing required argument '(.+)'/, '缺少参数 “$1”'],
  [/unknown command '(.+)'/, '没有命令 “$1”'],
  [/unknown option '(.+)'/, '没有选项 “$1”'],
  [/option '(.+)' argument missing/, '选项 “$1” 缺少值'],
  [
    /option '(.+)' argument '(.*)' is invalid\. Allowed choices are (.+)\./,
    '选项 “$1” 的值 “$2” 无效，可用：$3',
  ],
  [/option '(.+)' argument '(.*)' is invalid\. (.+)/, '选项 “$1” 的值 “$2” 无效（$3）'],
  [
    /too many arguments(?: for '(.+)')?\. Expected (\d+) arguments? but got (\d+)\./,
    '参数过多：需要 $2 个，给了 $3 个',
  ],
  [/\(Did you mean (?:one of )?(.+)\?\)/, '（是不是 $1？）'],
  [/^error: /m, '用法有误：'],
];

/** What is wrong with a command line, for people. */
export const usageError = (message: string, language: Language): string =>
  language === 'en'
    ? message
    : inChinese.reduce((text, [pattern, words]) => text.replace(pattern, words), message);
