import type { CharacterContext } from '../../models/task.ts';
import type { Language } from '../../story/scene.ts';
import { mentions } from './mentions.ts';
import type { TemplateForm } from './templates.ts';

/** What a character is told as: a fact sheet for a model that follows instructions, words of a story for one that goes on. */
export function introduce(character: CharacterContext, form: TemplateForm, language: Language): string {
  const facts = [character.description, character.visualDescription]
    .map((fact) => fact.trim())
    .filter((fact) => fact !== '');
  if (form === 'chat') return factSheet(character.name, facts.join(' '), language);
  return language === 'zh' ? inChinese(character.name, facts) : inEnglish(character.name, facts);
}

/** The sentence that brings a character into a story; `index` counts those brought in before. */
export function opening(introduction: string, index: number, language: Language): string {
  if (language === 'zh') return index === 0 ? `从前，有${introduction}` : `还有${introduction}`;
  return index === 0 ? `Once upon a time, there was ${introduction}` : `There was also ${introduction}`;
}

function factSheet(name: string, description: string, language: Language): string {
  if (language === 'zh') return `角色: ${name}${description && `, 描述: ${description}`}`;
  return `Character: ${name}${description && `, Description: ${description}`}`;
}

/** Where the head of a noun phrase ends: "a brave girl" of "a brave girl with silver hair who guards the cave". */
const headEnd = /[,.;:!?]|\s(?:with|who|whose|that|which|of|from|in|on|at|and|but|to|for)\s|$/;

/** Small models keep to a name best when it stands where stories put it: "a brave girl named Elara". */
function inEnglish(name: string, [first = '', ...others]: readonly string[]): string {
  const rest = others.map((fact) => ` ${fact}`).join('');
  if (first === '') return `someone named ${name}.${rest}`;
  const lower = `${first[0]?.toLowerCase() ?? ''}${first.slice(1)}`;
  if (mentions(first, [name]) || /^(?:she|he|they|it)\b/i.test(first)) {
    return `someone named ${name}. ${ended(first)}${rest}`;
  }
  if (!/^(?:an?|the)\s/i.test(first)) return `${name}, ${ended(lower)}${rest}`;
  const end = lower.search(headEnd);
  return `${ended(`${lower.slice(0, end)} named ${name}${lower.slice(end)}`)}${rest}`;
}

function inChinese(name: string, facts: readonly string[]): string {
  return [name, ...facts].join('，');
}

const ended = (text: string): string => (/\p{P}$/u.test(text) ? text : `${text}.`);
