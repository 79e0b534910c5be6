import { join, relative } from 'node:path'
import ts from 'typescript'
import { root } from '../root.ts'
import { canThrow } from './canThrow.ts'
import type { Gate } from './gate.ts'
import { compilerOptions, readExports } from './program.ts'
import { type Package, publishable } from './publishable.ts'

/** Every public name, and every member of it, says what it is; functions say what they take, return and throw. */
export const documented: Gate = {
  name: 'documented',
  checks: () =>
    publishable().map((pkg) => ({
      name: pkg.name,
      run() {
        const missing = undocumented(pkg)
        if (missing.length > 0) throw new Error(missing.join('\n'))
      },
    })),
}

function undocumented({ folder, entries }: Package): string[] {
  const { program, exportsOf } = readExports(
    entries.map(({ source }) => source),
    compilerOptions(join(folder, 'tsconfig.json')),
  )
  const checker = program.getTypeChecker()
  const missing = new Set<string>()

  for (const { source } of entries) for (const { name, symbol } of exportsOf(source)) checkSymbol(name, symbol)
  return [...missing]

  function checkSymbol(name: string, symbol: ts.Symbol): void {
    const [declaration] = symbol.declarations ?? []
    if (!declaration?.getSourceFile().fileName.startsWith(folder.replaceAll('\\', '/'))) return
    const say = (what: string): unknown => missing.add(`${place(declaration)} ${name}: ${what}`)
    const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim()
    if (text === '') say('has no doc comment')
    else if (!/[.!?:`)]$/.test(text.split('\n')[0] ?? '') && !/[.:]\s/.test(text)) say('its comment is not a sentence')
    // The members of an interface say in their sentence what they take; a port's author adds tags where it needs them.
    if (ts.isFunctionLike(declaration) && !ts.isMethodSignature(declaration))
      checkFunction(declaration, symbol.getJsDocTags(checker), say)
    for (const member of membersOf(declaration)) {
      if (ts.isConstructorDeclaration(member)) {
        const tags = ts
          .getJSDocTags(member)
          .map((tag) => ({ name: tag.tagName.text, text: [{ kind: '', text: tagText(tag) }] }))
        checkFunction(member, tags, (what) => missing.add(`${place(member)} ${name}: its constructor ${what}`))
        continue
      }
      const own = member.name && checker.getSymbolAtLocation(member.name)
      if (own) checkSymbol(`${name}.${own.name}`, own)
    }
  }

  function checkFunction(node: ts.SignatureDeclaration, tags: ts.JSDocTagInfo[], say: (what: string) => unknown): void {
    const texts = (tag: string): string[] =>
      tags.filter(({ name }) => name === tag).map(({ text }) => ts.displayPartsToString(text).trim())
    for (const { name } of node.parameters) {
      if (ts.isIdentifier(name) && !texts('param').some((text) => new RegExp(`^${name.text}\\s+\\S`).test(text)))
        say(`has no @param ${name.text}`)
    }
    if (!ts.isConstructorDeclaration(node) && returnsSomething(node) && !texts('returns').some(Boolean))
      say('has no @returns')
    if (canThrow(node, checker) && !texts('throws').some(Boolean)) say('can throw and has no @throws')
  }

  function returnsSomething(node: ts.SignatureDeclaration): boolean {
    const signature = checker.getSignatureFromDeclaration(node)
    if (!signature) return false
    const type = checker.getReturnTypeOfSignature(signature)
    const result = checker.getAwaitedType(type) ?? type
    return !(result.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined | ts.TypeFlags.Never))
  }
}

function tagText(tag: ts.JSDocTag): string {
  const name = ts.isJSDocParameterTag(tag) ? `${tag.name.getText()} ` : ''
  return name + (ts.getTextOfJSDocComment(tag.comment) ?? '')
}

function membersOf(node: ts.Declaration): readonly (ts.ClassElement | ts.TypeElement)[] {
  if (ts.isInterfaceDeclaration(node)) return node.members.filter(needsWords)
  if (ts.isTypeAliasDeclaration(node) && ts.isTypeLiteralNode(node.type)) return node.type.members.filter(needsWords)
  if (!ts.isClassDeclaration(node)) return []
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected
  return node.members.filter((member) => {
    // What repeats a member of the built-in Error needs no words of its own.
    const isOwn = !(ts.getCombinedModifierFlags(member) & (hidden | ts.ModifierFlags.Override))
    return isOwn && !(member.name && ts.isPrivateIdentifier(member.name))
  })
}

/** A member of a literal type (`kind: 'public'`) says it already, and an index signature has no name to say it of. */
function needsWords(member: ts.TypeElement): boolean {
  const type = ts.isPropertySignature(member) ? member.type : undefined
  return !ts.isIndexSignatureDeclaration(member) && !(type && ts.isLiteralTypeNode(type))
}

function place(node: ts.Node): string {
  const file = node.getSourceFile()
  const { line } = file.getLineAndCharacterOfPosition(node.getStart())
  return `${relative(root, file.fileName)}:${line + 1}`
}
