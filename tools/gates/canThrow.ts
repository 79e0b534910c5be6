import ts from 'typescript'

const answers = new WeakMap<ts.Node, boolean>()

/**
 * Whether a call of this function can end in a `throw` statement of the same package, followed through the functions
 * that it calls and the callbacks that it hands over. What a `try` swallows does not count.
 */
export function canThrow(declaration: ts.Node, checker: ts.TypeChecker): boolean {
  const known = answers.get(declaration)
  if (known !== undefined) return known
  // A recursive call adds nothing to what the first one finds.
  answers.set(declaration, false)
  const body = (declaration as { body?: ts.Node }).body
  const answer = body !== undefined && throwsIn(body, checker)
  answers.set(declaration, answer)
  return answer
}

function throwsIn(node: ts.Node, checker: ts.TypeChecker): boolean {
  if (ts.isThrowStatement(node)) return true
  if (ts.isTryStatement(node) && node.catchClause) {
    const rest = [node.catchClause.block, node.finallyBlock].filter((block) => block !== undefined)
    return rest.some((block) => throwsIn(block, checker))
  }
  if (ts.isCallExpression(node) && (callee(node, checker)?.some((target) => canThrow(target, checker)) ?? false))
    return true
  // A function inside runs when it is called, or handed over; not where it is written.
  const isFunction = ts.isFunctionLike(node)
  if (isFunction && !ts.isCallExpression(node.parent)) return false
  return ts.forEachChild(node, (child) => throwsIn(child, checker) || undefined) ?? false
}

function callee({ expression }: ts.CallExpression, checker: ts.TypeChecker): ts.Node[] | undefined {
  let symbol = checker.getSymbolAtLocation(expression)
  if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol)
  return symbol?.declarations
    ?.filter((declaration) => !declaration.getSourceFile().isDeclarationFile)
    .map((declaration) =>
      ts.isVariableDeclaration(declaration) ? (declaration.initializer ?? declaration) : declaration,
    )
}
