/**
 * The pages that list every failure, written from the table of hub/errors.ts. Regenerate after a change of it:
 *
 *   npx node hub/test/error-pages.ts en > docs/errors.md && npx node hub/test/error-pages.ts fr > docs/fr/erreurs.md
 */
import { ERRORS, type Language } from '../errors.ts'

const TOP: Readonly<Record<Language, string>> = {
  en: `# Errors

Every failure has a code. You meet it in the API's answers (\`code\`), in the hub's log (\`code\`) and in what the command
line prints with \`--json\` (\`error\`); the sentence beside it says what to do. (En français : [fr/erreurs.md](fr/erreurs.md).)

- **Language.** The API answers in French or English by the request's \`Accept-Language\`, in French where it asks for
  neither; enrolment (EST) answers in English where it asks for neither. The \`vigie\` command follows \`LC_ALL\`,
  \`LC_MESSAGES\` or \`LANG\`. The log is in English. A cause in the words of the system or of a library, and what the API
  expects of a field, is in English everywhere.
- **Status.** The API answers with it. The \`vigie\` command ends with 1, or with 2 where it was called wrongly.
- **Words in braces** are filled in. \`{seconds}\` is also in the header \`Retry-After\`. \`{id}\` is what to search the log for.
- A denied badge or a refused message of a device is no failure of the hub and has no code here: the journal has its reason.

| code | status | what it says, and what to do |
|---|---|---|
`,
  fr: `# Erreurs

Chaque erreur a un code. Il figure dans les réponses de l’API (\`code\`), dans le relevé du hub (\`code\`) et dans ce que la
commande affiche avec \`--json\` (\`error\`)\u202f; la phrase qui l’accompagne dit quoi faire.
(English version: [../errors.md](../errors.md).)

- **Langue.** L’API répond en français ou en anglais selon \`Accept-Language\`, en français si la requête ne demande aucun
  des deux\u202f; l’enrôlement (EST) répond alors en anglais. La commande \`vigie\` suit \`LC_ALL\`, \`LC_MESSAGES\` ou \`LANG\`. Le
  relevé est en anglais. Une cause dans les mots du système ou d’une bibliothèque, et ce que l’API attend d’un champ, reste
  partout en anglais.
- **Statut.** C’est celui de la réponse de l’API. La commande \`vigie\` se termine par 1, ou par 2 si l’appel est mal formé.
- **Les mots entre accolades** sont remplacés. \`{seconds}\` figure aussi dans l’en-tête \`Retry-After\`. \`{id}\` est ce qu’il faut
  chercher dans le relevé.
- Un badge refusé ou le message refusé d’un appareil n’est pas une erreur du hub et n’a pas de code ici\u202f: le journal en
  donne la raison.

| code | statut | ce qui est dit, et quoi faire |
|---|---|---|
`,
}
const EXIT: Readonly<Record<Language, string>> = {
  en: 'exit 2 | what is wrong with the call; `vigie help` lists what there is',
  fr: 'sortie 2 | ce qui ne va pas dans l’appel\u202f; `vigie help` énumère ce qui existe',
}

export function errorPage(language: Language): string {
  const lines = Object.entries(ERRORS).map(([code, [status, en, fr]]) =>
    code === 'usage'
      ? `| \`usage\` | ${EXIT[language]} |`
      : `| \`${code}\` | ${status} | ${language === 'fr' ? fr : en} |`,
  )
  return `${TOP[language]}${lines.join('\n')}\n`
}

if (import.meta.main) process.stdout.write(errorPage(process.argv[2] === 'fr' ? 'fr' : 'en'))
